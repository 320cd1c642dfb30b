import Dispatch
import Synchronization

/// Writes the recordings of all calls on one thread, so that no media loop waits for a disk.
///
/// Blocks queue up to a bound; beyond it a block is dropped, counted, and replaced by silence so that the rest of the
/// recording stays in time.
package final class RecordingWriter: Sendable {
    private let queue = DispatchQueue(label: "parley.recordings")
    /// Reads whole files once more; what is still being written does not wait for that.
    private let checks = DispatchQueue(label: "parley.recordings.checksums", qos: .utility)
    private let pending = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let maximumPending: Int
    private let scratch = StereoScratch()

    private let key: RecordingKey?

    /// - Parameters:
    ///   - key: seals the recordings; nil leaves them open.
    ///   - maximumPending: blocks of up to a second of one call waiting to be written.
    package init(key: RecordingKey? = nil, maximumPending: Int = 4096) {
        self.key = key
        self.maximumPending = maximumPending
    }

    /// Of the files that it writes.
    package var format: RecordingFormat { key == nil ? .wave : .sealed }

    /// Blocks dropped because the disk was too slow.
    package var droppedBlocks: Int { dropped.load(ordering: .relaxed) }

    func open(path: String) -> RecordingFile { RecordingFile(path: path, key: key, scratch: scratch) }

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

    /// Deletes what there is of the file; what is written to it afterwards goes nowhere.
    func discard(_ file: RecordingFile) { queue.async { file.discard() } }

    /// Pads both sides to `samples`, closes the file and says what it holds.
    func finish(_ file: RecordingFile, samples: Int) async -> RecordingSummary {
        var summary = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: file.finish(samples: samples)) }
        }
        guard let path = summary.path else { return summary }
        summary.sha256 = await withCheckedContinuation { continuation in
            // A file that cannot be read now has no checksum; whoever checks it later is told so.
            checks.async { continuation.resume(returning: try? FileDigest.sha256(ofFile: path)) }
        }
        return summary
    }
}
