import Logging
import Synchronization

/// The process's decoders, each on a thread of its own.
///
/// A decoder serves one utterance at a time and then the next caller's. When none is free the utterance is refused
/// and counted, never queued: words that come late are worth nothing in a conversation.
final class DecoderPool: Sendable {
    private let workers: [DecoderWorker]
    private let idle: Protected<[DecoderWorker]>
    private let refused = Atomic<Int>(0)

    init(count: Int, model: TelephoneBandModel, search: PocketSphinxConfiguration.SearchSettings, logger: Logger) {
        workers = (0..<count).map { DecoderWorker(index: $0, model: model, search: search, logger: logger) }
        idle = Protected(workers)
    }

    /// Utterances that found no free decoder.
    var refusedCount: Int { refused.load(ordering: .relaxed) }
    var idleCount: Int { idle.withLock { $0.count } }

    /// A free decoder, best one that has `task` loaded, or nil.
    func acquire(task: String) -> DecoderWorker? {
        let worker = idle.withLock { idle -> DecoderWorker? in
            guard let index = idle.lastIndex(where: { $0.hasLoaded(task) }) ?? idle.indices.last else { return nil }
            return idle.remove(at: index)
        }
        if worker == nil { refused.wrappingAdd(1, ordering: .relaxed) }
        return worker
    }

    func release(_ worker: DecoderWorker) { idle.withLock { $0.append(worker) } }

    /// Loads `task` into every decoder. Decoders in use load it when they are next used.
    func prepare(_ task: TaskModel) async throws(SpeechError) {
        let taken = idle.withLock { idle in
            defer { idle.removeAll() }
            return idle
        }
        let failures = await withTaskGroup { group in
            for worker in taken {
                group.addTask {
                    let failure = await worker.prepare(task)
                    self.release(worker)
                    return failure
                }
            }
            return await group.reduce(into: [SpeechError]()) { if let failure = $1 { $0.append(failure) } }
        }
        if let failure = failures.first { throw failure }
    }

    /// Loads `task` into the decoders that are free, one after the other. Those in use load it when they are next used.
    func prepareInTurn(_ task: TaskModel) async throws(SpeechError) {
        while let worker = idle.withLock({ idle in
            idle.firstIndex { !$0.hasLoaded(task.identifier) }.map { idle.remove(at: $0) }
        }) {
            let failure = await worker.prepare(task)
            release(worker)
            if let failure { throw failure }
        }
    }

    func hasLoaded(_ task: TaskModel) -> Bool {
        idle.withLock { idle in idle.allSatisfy { $0.hasLoaded(task.identifier) } }
    }

    /// Ends all threads; sessions must be closed.
    func close() {
        for worker in workers { worker.stop() }
    }
}
