import AudioCore
import Foundation

/// A loudspeaker on a thread of its own: what is put into its ring, 20 ms at a time at the device's rate, and silence
/// while there is nothing or the device is away.
final class PlaybackStream: @unchecked Sendable {
    // @unchecked: `sink` is used on the thread of `run`, and before that starts; the rest is under `lock` or constant.
    /// So much must be there before playing begins: what the line's beat and the device's may be apart.
    private static let reserve = 320
    /// More than this waits when the device's clock is slower than the microphone's; the excess is dropped.
    private static let excess = 1600

    private let device: String
    private let played: @Sendable (Span<Int16>) -> Void
    /// What waits to be played, at 8 kHz.
    let ring = SampleRing<Int16>(minimumCapacity: 8000, silence: 0)
    private let lock = NSLock()
    private var isStopping = false
    private var counts = (underruns: 0, reopened: 0, skipped: 0)
    private var sink: Sink?
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter played: given each 160 samples as the device gets them, on the stream's thread.
    init(device: String, played: @escaping @Sendable (Span<Int16>) -> Void) {
        self.device = device
        self.played = played
    }

    var underruns: Int { lock.withLock { counts.underruns } }
    var reopened: Int { lock.withLock { counts.reopened } }
    var dropped: Int { lock.withLock { counts.skipped } + ring.droppedCount }

    /// Opens the device and starts the thread.
    func start() throws {
        sink = try Sink(device)
        let thread = Thread { [self] in run() }
        thread.name = "loudspeaker"
        thread.qualityOfService = .userInteractive
        thread.start()
    }

    func stop() {
        lock.withLock { isStopping = true }
        ended.wait()
    }

    private func run() {
        var pace = PaceGuard()
        var isPlaying = false
        var absences = 0
        var frame = [Int16](repeating: 0, count: 160)
        while !lock.withLock({ isStopping }) {
            for index in frame.indices { frame[index] = 0 }
            if ring.count > Self.excess {
                let skipped = ring.skip(ring.count - Self.reserve)
                lock.withLock { counts.skipped += skipped }
            }
            isPlaying = ring.count >= (isPlaying ? 160 : Self.reserve)
            if isPlaying {
                var span = frame.mutableSpan
                _ = ring.read(into: &span)
            }
            played(frame.span)
            if let open = sink {
                do {
                    if try open.put(frame) { lock.withLock { counts.underruns += 1 } }
                } catch { sink = nil }
            } else {
                absences += 1
                if absences % 25 == 0, let again = try? Sink(device) {
                    sink = again
                    lock.withLock { counts.reopened += 1 }
                }
            }
            pace.advance()
        }
        sink = nil
        ended.signal()
    }

    /// The open device and the way from 8 kHz.
    private final class Sink {
        private let handle: PCMHandle
        private var resampler: Resampler

        init(_ device: String) throws {
            handle = try PCMHandle(device, .playback)
            resampler = try Resampler(from: 8000, to: handle.rate)
        }

        /// Waits for room and hands over a frame.
        ///
        /// - Returns: whether the device had run dry.
        func put(_ frame: [Int16]) throws -> Bool {
            var converted: [Int16] = []
            resampler.process(frame.span, appendingTo: &converted)
            var raw: [Int16] = []
            raw.reserveCapacity(converted.count * handle.channels)
            for sample in converted { for _ in 0..<handle.channels { raw.append(sample) } }
            var written = 0
            while written < raw.count {
                switch try handle.write(raw.span.extracting(written...)) {
                case .moved(let frames): written += frames * handle.channels
                // The rest is late already.
                case .recovered: return true
                }
            }
            return false
        }
    }
}
