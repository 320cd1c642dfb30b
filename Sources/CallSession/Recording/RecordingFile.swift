import AudioCore
import Glibc

/// One recording: 16-bit stereo, caller left, agent right; a WAV file or a sealed one.
final class RecordingFile: @unchecked Sendable {
    // @unchecked: after its making it is touched on the writer's serial queue only.
    private let path: String
    private var writer: RecordingSink?
    private var fault: String?
    private var written = 0
    private var isDiscarded = false
    /// It was to be deleted, and is there still.
    private var isUndeleted = false
    private let scratch: StereoScratch
    private let key: RecordingKey?

    /// - Parameters:
    ///   - key: seals the file; nil leaves it open.
    ///   - scratch: of the writer whose queue this file is used on.
    init(path: String, key: RecordingKey?, scratch: StereoScratch) {
        self.path = path
        self.key = key
        self.scratch = scratch
    }

    /// Closes and deletes it, for good.
    func discard() {
        isDiscarded = true
        guard writer != nil else { return }
        writer = nil
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        fault = "it could not be deleted: " + (unsafe String(cString: strerror(errno)))
        isUndeleted = true
    }

    func write(_ block: StereoBlock) {
        guard !isDiscarded else { return }
        pad(to: block.position)
        scratch.interleave(block)
        put(frames: block.caller.count)
    }

    func finish(samples end: Int) -> RecordingSummary {
        // One that could not be deleted has its path, so that it is not forgotten.
        guard !isDiscarded else { return RecordingSummary(path: isUndeleted ? path : nil, samples: 0, fault: fault) }
        pad(to: end)
        if written == 0 { put(frames: 0) }
        attempt { (writer: inout RecordingSink) throws(AudioError) in try writer.close() }
        let isMade = writer != nil
        if isMade, fault != nil { written = writer?.closeCut() ?? 0 }
        writer = nil
        return RecordingSummary(
            path: isMade ? path : nil, samples: written, fault: fault, format: key == nil ? .wave : .sealed)
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
                writer = try RecordingSink(path: path, sampleRate: 8000, key: key)
            } catch {
                fault = error.description
            }
        }
        guard frames > 0 else { return }
        let samples = scratch.samples
        attempt { (writer: inout RecordingSink) throws(AudioError) in
            try writer.write(samples.span)
            written += frames
        }
    }

    /// After the first failure nothing more is tried: a full disk does not heal within a call.
    private func attempt(_ body: (inout RecordingSink) throws(AudioError) -> Void) {
        guard fault == nil, writer != nil else { return }
        do { try body(&writer!) } catch { fault = error.description }
    }
}
