import Glibc

/// Keeps a loudspeaker's sound out of a microphone's signal, whatever the delay between them: aligns the two, cancels,
/// and lets nothing pass while the canceller has yet to learn the room.
///
/// 8 kHz, frames of 20 ms, one thread at a time.
package final class EchoControl {
    package struct Status: Sendable, Equatable {
        /// From the loudspeaker's samples to their echo, in samples; nil while nobody knows.
        package var delay: Int?
        /// By how much the echo is lower after cancelling, in dB, over the last seconds in which it was heard.
        package var reduction: Double
        /// Whether a caller can be heard while the loudspeaker plays.
        package var isOpen: Bool
    }

    /// The alignment is early by this, so that the filter sees the beginning of the echo: 20 ms.
    private static let margin = 160
    /// The alignment stays while the estimate moves by less: the filter covers that.
    private static let tolerance = 400
    /// -58 dBFS mean square: a loudspeaker below it makes no echo worth speaking of.
    private static let audible = 1700.0
    /// Frames of the loudspeaker until the canceller is trusted to have learned: half a second.
    private static let learning = 25
    /// Frames of the loudspeaker after which a microphone that has heard none of it is one that cannot: 1.5 s.
    private static let proof = 75

    private let canceller = EchoCanceller()
    private var estimator = DelayEstimator()
    /// What the loudspeaker was given, oldest first; the longest delay and a frame.
    private var played = [Int16](repeating: 0, count: DelayEstimator.longest * DelayEstimator.hop + 160)
    private var alignment = 0
    private var heardEnergy = 0.0
    private var leftEnergy = 0.0
    private var loudEnergy = 0.0
    private var framesWithEcho = 0
    private var hasLearned = false
    /// Frames since the loudspeaker was last audible.
    private var sinceAudible = Int.max / 2

    package init() {}

    package var status: Status {
        Status(
            delay: estimator.delay, reduction: 10 * log10((heardEnergy + 1) / (leftEnergy + 1)),
            isOpen: hasLearned)
    }

    /// Takes 20 ms of both and leaves in `microphone` what is not the loudspeaker's.
    ///
    /// - Parameters:
    ///   - microphone: 160 samples, as heard.
    ///   - loudspeaker: the 160 samples that were given to the loudspeaker at that time.
    package func process(_ microphone: inout [Int16], loudspeaker: [Int16]) {
        played.removeFirst(loudspeaker.count)
        played.append(contentsOf: loudspeaker)
        for start in stride(from: 0, to: EchoCanceller.frameSize, by: DelayEstimator.hop) {
            estimator.add(
                far: loudspeaker.span.extracting(start..<start + DelayEstimator.hop),
                near: microphone.span.extracting(start..<start + DelayEstimator.hop))
        }
        align()
        let end = played.count - alignment
        let reference = Array(played[end - EchoCanceller.frameSize..<end])
        let heard = Self.energy(microphone)
        canceller.process(&microphone, loudspeaker: reference)
        judge(reference: Self.energy(reference), heard: heard, left: Self.energy(microphone))
        // An echo that passes would interrupt the agent with its own voice.
        if !hasLearned, sinceAudible < EchoCanceller.tail / EchoCanceller.frameSize {
            for index in microphone.indices { microphone[index] = 0 }
        }
    }

    private func align() {
        guard let delay = estimator.delay else { return }
        let wanted = max(delay - Self.margin, 0)
        // From nothing, or far away: the filter has to begin anew.
        guard abs(wanted - alignment) > Self.tolerance else { return }
        alignment = wanted
        canceller.reset()
        framesWithEcho = 0
        hasLearned = false
        (heardEnergy, leftEnergy, loudEnergy) = (0, 0, 0)
    }

    private func judge(reference: Double, heard: Double, left: Double) {
        sinceAudible = reference > Self.audible ? 0 : sinceAudible + 1
        guard reference > Self.audible else { return }
        framesWithEcho += 1
        // Two seconds of memory.
        heardEnergy += 0.01 * (heard - heardEnergy)
        leftEnergy += 0.01 * (left - leftEnergy)
        loudEnergy += 0.01 * (reference - loudEnergy)
        // Aligned, and the echo is 9 dB lower than it came; or there is hardly one. Once so, a caller who speaks at the
        // same time changes the figures and not what was learned.
        if estimator.delay != nil, framesWithEcho >= Self.learning, leftEnergy * 8 < heardEnergy { hasLearned = true }
        if framesWithEcho >= Self.proof, heardEnergy * 3000 < loudEnergy { hasLearned = true }
    }

    private static func energy(_ frame: [Int16]) -> Double {
        frame.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(frame.count, 1))
    }
}
