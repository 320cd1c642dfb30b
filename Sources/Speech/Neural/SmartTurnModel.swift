package import Logging
import Synchronization

/// Smart Turn: tells by the sound of a turn, its melody and its last word, whether the speaker has finished.
///
/// On a bounded pool of threads, because an answer takes tens of milliseconds. One for the process.
package final class SmartTurnModel: Sendable {
    package struct Configuration: Sendable, Equatable {
        /// Threads, 1...64.
        package var workerCount = 1
        /// Questions that may wait for a thread, 0...1,000; more are refused.
        package var queueLimit = 8
        /// How long a question may wait: by then the pause has been decided upon without it.
        package var patience: Duration = .milliseconds(400)

        package init() {}
    }

    /// Of the audio that is judged, in samples at 8 kHz; what was before is not heard.
    package static let audioLimit = LogMel.sampleCount / 2

    private let configuration: Configuration
    private let logger: Logger
    private let waiting = Protected<[SmartTurnRequest]>([])
    private let signal = Signal()
    private let isClosed = Atomic<Bool>(false)
    private let refused = Atomic<Int>(0)
    private let late = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)

    /// - Throws: `invalidModel` when a file is absent or damaged.
    package init(
        _ files: NeuralFiles, runtime: OnnxRuntime, configuration: Configuration = Configuration(), logger: Logger
    ) throws(SpeechError) {
        precondition((1...64).contains(configuration.workerCount), "1...64 threads")
        self.configuration = configuration
        self.logger = logger
        let session = try OnnxSession(model: files.smartTurn, runtime: runtime)
        var engines: [SmartTurnEngine] = []
        for _ in 0..<configuration.workerCount { engines.append(try SmartTurnEngine(session)) }
        for (index, engine) in engines.enumerated() {
            _ = WorkerThread(name: "turn-\(index)") { [self] in work(engine) }
        }
    }

    /// Questions refused because too many were waiting.
    package var refusedCount: Int { refused.load(ordering: .relaxed) }
    /// Questions dropped because no thread came to them in time.
    package var lateCount: Int { late.load(ordering: .relaxed) }
    /// Questions that the model could not answer.
    package var failedCount: Int { failed.load(ordering: .relaxed) }

    /// Asks for the probability, 0...1, that the speaker has finished.
    ///
    /// - Parameters:
    ///   - audio: 8 kHz, of the turn up to now with the silence after it; the last ``audioLimit`` samples are heard.
    ///   - then: told once, on a worker's thread; never when the request was cancelled, late or failed.
    /// - Returns: the request, to be cancelled when speech resumes; nil when it was refused.
    package func likelihood(
        of audio: [Int16], then: @escaping @Sendable (Double) -> Void
    ) -> SmartTurnRequest? {
        let request = SmartTurnRequest(
            audio: audio, deadline: ContinuousClock.now.advanced(by: configuration.patience), answer: then)
        let isAccepted = waiting.withLock { waiting in
            waiting.removeAll { $0.isCancelled }
            guard waiting.count < max(configuration.queueLimit, 1), !isClosed.load(ordering: .acquiring) else {
                return false
            }
            waiting.append(request)
            return true
        }
        guard isAccepted else {
            refused.wrappingAdd(1, ordering: .relaxed)
            return nil
        }
        signal.raise()
        return request
    }

    /// Ends the threads after the answers they are giving; what waits is never answered.
    package func close() {
        isClosed.store(true, ordering: .releasing)
        waiting.withLock { $0.removeAll() }
        for _ in 0..<configuration.workerCount { signal.raise() }
    }

    private func work(_ engine: SmartTurnEngine) {
        while true {
            signal.wait()
            if isClosed.load(ordering: .acquiring) { return }
            guard let request = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }), !request.isCancelled else {
                continue
            }
            guard ContinuousClock.now < request.deadline else {
                late.wrappingAdd(1, ordering: .relaxed)
                continue
            }
            do {
                request.deliver(try engine.likelihood(of: request.audio))
            } catch {
                // The first is in the log, the rest are counted: a model that fails once will fail always.
                if failed.wrappingAdd(1, ordering: .relaxed).oldValue == 0 {
                    logger.error("end-of-turn model failed", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
