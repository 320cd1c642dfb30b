import Logging

/// A thread and the decoders that live on it, one for each of the tasks it served last.
final class DecoderWorker: Sendable {
    private enum Job: Sendable {
        case serve(PocketSphinxSession)
        case prepare(TaskModel, CheckedContinuation<SpeechError?, Never>)
        case stop
    }

    /// Tasks kept loaded on each thread; a few megabytes each.
    private static let loadedTasks = 4

    private let jobs = Protected<[Job]>([])
    private let loaded = Protected<[String]>([])
    private let signal = Signal()

    init(index: Int, model: TelephoneBandModel, search: PocketSphinxConfiguration.SearchSettings, logger: Logger) {
        _ = WorkerThread(name: "decoder-\(index)") { [self] in
            run(model: model, search: search, logger: logger)
        }
    }

    /// Whether `task` needs no loading.
    func hasLoaded(_ task: String) -> Bool { loaded.withLock { $0.contains(task) } }

    /// Wakes the thread: its session has audio or news.
    func wake() { signal.raise() }

    /// Decodes the utterances of `session` until none is open, then goes back to the pool.
    func serve(_ session: PocketSphinxSession) { post(.serve(session)) }

    func prepare(_ task: TaskModel) async -> SpeechError? {
        await withCheckedContinuation { post(.prepare(task, $0)) }
    }

    func stop() { post(.stop) }

    private func post(_ job: Job) {
        jobs.withLock { $0.append(job) }
        signal.raise()
    }

    private func run(model: TelephoneBandModel, search: PocketSphinxConfiguration.SearchSettings, logger: Logger) {
        var decoders: [SphinxDecoder] = []

        func decoder(for task: TaskModel) throws(SpeechError) -> SphinxDecoder {
            if let index = decoders.firstIndex(where: { $0.task.identifier == task.identifier }) {
                decoders.append(decoders.remove(at: index))
            } else {
                if decoders.count == Self.loadedTasks { decoders.removeFirst() }
                decoders.append(try SphinxDecoder(model: model, task: task, search: search))
                let names = decoders.map(\.task.identifier)
                loaded.withLock { $0 = names }
            }
            return decoders[decoders.count - 1]
        }

        while true {
            signal.wait()
            guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
            switch job {
            case .stop:
                return
            case .prepare(let task, let continuation):
                do {
                    _ = try decoder(for: task)
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: error)
                }
            case .serve(let session):
                do {
                    session.decode(with: try decoder(for: session.task), on: self, sleep: signal.wait)
                } catch {
                    logger.error("decoder could not be loaded", metadata: ["error": "\(error)"])
                    session.fail(error, on: self)
                }
            }
        }
    }
}
