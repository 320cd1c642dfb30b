import AudioCore
import Codecs
import Glibc
import Synchronization

/// How loud one voice of one engine is, from what it has said in this process, and how much louder or quieter it is to be.
///
/// One measure for a voice, not for a sentence: what was whispered stays quieter than what was called out.
final class VoiceLoudness: Sendable {
    private struct Measure {
        let meter = LoudnessMeter(sampleRate: AudioFormat.telephone.sampleRate)
        /// Samples.
        var heard = 0
    }

    /// Less than this says too little, and the voice is left as it is: 3 s.
    private static let least = 24_000
    /// What comes after this changes nothing any more, and is not measured: 2 min.
    private static let most = 960_000
    /// A voice that is further off than this is not mended by loudness, dB.
    private static let largest = 12.0
    /// The loudest sample stays below this, of 1.
    private static let headroom = 0.9

    private let target: Double
    private let measure = Protected(Measure())
    /// In half decibels.
    private let steps = Atomic<Int>(0)
    private let isDone = Atomic<Bool>(false)

    /// - Parameter target: LUFS.
    init(target: Double) { self.target = target }

    /// What the voice is to be made louder by, in decibels, in steps of a half; 0 until it is known.
    var gain: Double { Double(steps.load(ordering: .relaxed)) / 2 }

    /// What was measured, LUFS; nil until it is known.
    var loudness: Double? { measure.withLock { $0.heard >= Self.least ? $0.meter.loudness : nil } }

    /// Takes in what the engine made, before anything was done to it.
    ///
    /// - Parameter codes: 8 kHz µ-law.
    func hear(_ codes: [UInt8]) {
        guard !isDone.load(ordering: .relaxed) else { return }
        let target = target
        let found: Double? = measure.withLock { measure in
            measure.meter.add(codes.map { MuLaw.decode($0) })
            measure.heard += codes.count
            guard measure.heard >= Self.least, let loudness = measure.meter.loudness else { return nil }
            let room = 20 * log10(Self.headroom / max(measure.meter.peak, 1e-6))
            return min(min(max(target - loudness, -Self.largest), Self.largest), room)
        }
        guard let found else { return }
        steps.store(Int((found * 2).rounded(.down)), ordering: .relaxed)
        if measure.withLock({ $0.heard >= Self.most }) { isDone.store(true, ordering: .relaxed) }
    }
}
