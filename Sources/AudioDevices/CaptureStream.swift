import AudioCore
import Foundation

/// A microphone on a thread of its own: 20 ms at 8 kHz at a time, whatever the device's rate, and silence while the
/// device is away.
final class CaptureStream: @unchecked Sendable {
    // @unchecked: `open` is used on the thread of `run`, and before that starts; the rest is under `lock` or constant.
    private let device: String
    private let deliver: @Sendable ([Int16]) -> Void
    private let lock = NSLock()
    private var isStopping = false
    private var counts = (overruns: 0, reopened: 0)
    private var source: Source?
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter deliver: given 160 samples on the stream's thread.
    init(device: String, deliver: @escaping @Sendable ([Int16]) -> Void) {
        self.device = device
        self.deliver = deliver
    }

    var overruns: Int { lock.withLock { counts.overruns } }
    var reopened: Int { lock.withLock { counts.reopened } }

    /// Opens the device and starts the thread.
    func start() throws {
        source = try Source(device)
        let thread = Thread { [self] in run() }
        thread.name = "microphone"
        thread.qualityOfService = .userInteractive
        thread.start()
    }

    func stop() {
        lock.withLock { isStopping = true }
        ended.wait()
    }

    private func run() {
        var pace = PaceGuard()
        var samples: [Int16] = []
        var absences = 0
        while !lock.withLock({ isStopping }) {
            if let open = source {
                do {
                    if try open.take(&samples) == .recovered { lock.withLock { counts.overruns += 1 } }
                } catch { source = nil }
            } else {
                samples.append(contentsOf: repeatElement(0, count: 160))
                absences += 1
                // Twice a second: it may have been plugged in again.
                if absences % 25 == 0, let again = try? Source(device) {
                    source = again
                    lock.withLock { counts.reopened += 1 }
                }
            }
            while samples.count >= 160 {
                deliver(Array(samples.prefix(160)))
                samples.removeFirst(160)
                pace.advance()
            }
        }
        source = nil
        ended.signal()
    }

    /// The open device and its way to 8 kHz.
    private final class Source {
        private let handle: PCMHandle
        private var resampler: Resampler
        private var raw: [Int16]

        init(_ device: String) throws {
            handle = try PCMHandle(device, .capture)
            resampler = try Resampler(from: handle.rate, to: 8000)
            raw = [Int16](repeating: 0, count: handle.rate / 50 * handle.channels)
        }

        /// Waits for 20 ms and appends them.
        func take(_ samples: inout [Int16]) throws -> PCMHandle.Transfer {
            let transfer = try handle.read(into: &raw, frames: raw.count / handle.channels)
            guard case .moved(let frames) = transfer else { return transfer }
            var mono: [Int16] = []
            mono.reserveCapacity(frames)
            for frame in 0..<frames {
                var sum = 0
                for channel in 0..<handle.channels { sum += Int(raw[frame * handle.channels + channel]) }
                mono.append(Int16(clamping: sum / handle.channels))
            }
            resampler.process(mono.span, appendingTo: &samples)
            return transfer
        }
    }
}
