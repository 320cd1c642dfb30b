package import AudioCore
import Foundation

/// A caller without a sound card: says what is in recordings, each when the agent waits, and keeps what it hears in a file.
///
/// Paced by the clock, for the service's own time is real.
package final class FileAudio: CallerAudio, @unchecked Sendable {
    // @unchecked: `script` is reached under `lock` only; `writer` on the thread of `run`, or when that has ended.
    private struct Script {
        var clips: [[Int16]]
        var current: [Int16] = []
        var said = 0
        var isStopping = false

        var isSaid: Bool { said == current.count }

        /// Nil when it is told to stop.
        mutating func nextFrame() -> [Int16]? {
            guard !isStopping else { return nil }
            let end = min(said + 160, current.count)
            var frame = Array(current[said..<end])
            said = end
            frame.append(contentsOf: repeatElement(0, count: 160 - frame.count))
            return frame
        }
    }

    private let lock = NSLock()
    private var script: Script
    private var writer: Recorder?
    /// What was heard and is not in the file yet; two seconds.
    private let heard = SampleRing<Int16>(minimumCapacity: 16_000, silence: 0)
    private let ended = DispatchSemaphore(value: 0)
    private var isStarted = false

    /// - Parameters:
    ///   - clips: 8 kHz; said in this order.
    ///   - path: the WAV file to make, mono, 8 kHz; nil keeps nothing.
    package init(clips: [[Int16]], output path: String?) throws(AudioError) {
        script = Script(clips: clips)
        if let path { writer = try Recorder(path: path) }
    }

    package func start(_ beat: @escaping @Sendable ([Int16]) -> Void) throws {
        lock.withLock { isStarted = true }
        let thread = Thread { [self] in run(beat) }
        thread.name = "file-audio"
        thread.start()
    }

    package func play(_ frame: [Int16]) { heard.write(frame.span) }

    package func agentWaits() {
        lock.withLock {
            guard script.isSaid, !script.clips.isEmpty else { return }
            script.current = script.clips.removeFirst()
            script.said = 0
        }
    }

    package var isOver: Bool { lock.withLock { script.clips.isEmpty && script.isSaid } }

    package func stop() {
        let wasRunning = lock.withLock {
            defer { isStarted = false }
            script.isStopping = true
            return isStarted
        }
        if wasRunning { ended.wait() }
    }

    package var counters: DeviceCounters {
        var counters = DeviceCounters()
        counters.droppedSamples = heard.droppedCount
        return counters
    }

    private func run(_ beat: @Sendable ([Int16]) -> Void) {
        let start = PaceGuard.now()
        var beats: Int64 = 0
        while let frame = lock.withLock({ script.nextFrame() }) {
            beat(frame)
            keepHeard()
            beats += 1
            let wait = start + beats * 20_000_000 - PaceGuard.now()
            if wait > 0 { PaceGuard.sleep(wait) }
        }
        keepHeard()
        writer?.close()
        ended.signal()
    }

    private func keepHeard() {
        var piece = [Int16](repeating: 0, count: heard.count)
        var span = piece.mutableSpan
        let count = heard.read(into: &span)
        writer?.add(piece.span.extracting(..<count))
    }
}

/// A place for a noncopyable writer, and for the first fault of its file.
private final class Recorder {
    private var writer: WAVWriter
    private var hasFailed = false

    init(path: String) throws(AudioError) {
        writer = try WAVWriter(path: path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
    }

    /// A full disk ends the file and not the call.
    func add(_ samples: Span<Int16>) {
        guard !hasFailed else { return }
        do { try writer.write(samples) } catch { hasFailed = true }
    }

    func close() { try? writer.close() }
}
