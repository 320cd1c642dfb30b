import AudioCore
import Dispatch
import Synchronization

/// Writes the recordings of all calls on one thread, so that no media loop waits for a disk.
///
/// Blocks queue up to a bound; beyond it a block is dropped, counted, and replaced by silence so that the rest of the
/// recording stays in time.
package final class RecordingWriter: Sendable {
    private let queue = DispatchQueue(label: "parley.recordings")
    private let pending = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let maximumPending: Int
    private let scratch = StereoScratch()

    /// - Parameter maximumPending: blocks of up to a second of one call waiting to be written.
    package init(maximumPending: Int = 4096) { self.maximumPending = maximumPending }

    /// Blocks dropped because the disk was too slow.
    package var droppedBlocks: Int { dropped.load(ordering: .relaxed) }

    func open(path: String) -> RecordingFile { RecordingFile(path: path, scratch: scratch) }

    func append(_ block: StereoBlock, to file: RecordingFile) {
        guard pending.load(ordering: .relaxed) < maximumPending else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        pending.wrappingAdd(1, ordering: .relaxed)
        queue.async { [self] in
            file.write(block)
            pending.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    /// Pads both sides to `samples`, closes the file and says what it holds.
    func finish(_ file: RecordingFile, samples: Int) async -> RecordingSummary {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: file.finish(samples: samples)) }
        }
    }
}

/// A finished recording.
package struct RecordingSummary: Sendable, Equatable {
    /// Nil when no file could be made.
    package let path: String?
    /// Samples of each leg in the file: the call's length, or less after a fault.
    package let samples: Int
    /// What went wrong, in words; nil when the file is whole.
    package let fault: String?
}

/// One recording: 16-bit stereo WAV, caller left, agent right.
final class RecordingFile: @unchecked Sendable {
    // @unchecked: after its making it is touched on the writer's serial queue only.
    private let path: String
    private var writer: WAVWriter?
    private var fault: String?
    private var written = 0
    private let scratch: StereoScratch

    /// - Parameter scratch: of the writer whose queue this file is used on.
    init(path: String, scratch: StereoScratch) {
        self.path = path
        self.scratch = scratch
    }

    func write(_ block: StereoBlock) {
        pad(to: block.position)
        scratch.interleave(block)
        put(frames: block.caller.count)
    }

    func finish(samples end: Int) -> RecordingSummary {
        pad(to: end)
        if written == 0 { put(frames: 0) }
        attempt { (writer: inout WAVWriter) throws(AudioError) in try writer.close() }
        let isMade = writer != nil
        if isMade, fault != nil { written = Self.cut(&writer!) }
        writer = nil
        return RecordingSummary(path: isMade ? path : nil, samples: written, fault: fault)
    }

    /// Keeps whatever the disk still took. Where not even the header can be written it says "unknown", and the file can
    /// be read all the same.
    ///
    /// - Returns: samples of each leg.
    private static func cut(_ writer: inout WAVWriter) -> Int {
        try? writer.closeCut()
        return writer.frameCount
    }

    private func pad(to position: Int) {
        while written < position {
            let count = min(position - written, 8000)
            scratch.silence(count)
            let before = written
            put(frames: count)
            if written == before { return }
        }
    }

    private func put(frames: Int) {
        if writer == nil, fault == nil {
            do {
                writer = try WAVWriter(
                    path: path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 2))
            } catch {
                fault = error.description
            }
        }
        guard frames > 0 else { return }
        let samples = scratch.samples
        attempt { (writer: inout WAVWriter) throws(AudioError) in
            try writer.write(samples.span)
            written += frames
        }
    }

    /// After the first failure nothing more is tried: a full disk does not heal within a call.
    private func attempt(_ body: (inout WAVWriter) throws(AudioError) -> Void) {
        guard fault == nil, writer != nil else { return }
        do { try body(&writer!) } catch { fault = error.description }
    }
}
