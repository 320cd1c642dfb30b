package import Logging

/// A chain of language models that answers as one: see ``FallbackRace`` for who is asked when.
package struct FallbackModel: LanguageModel {
    /// A model of the chain.
    package struct Link: Sendable {
        /// The provider's name in the configuration, under which its health is kept.
        package var name: String
        package var model: any LanguageModel

        package init(name: String, model: any LanguageModel) {
            self.name = name
            self.model = model
        }
    }

    private let links: [Link]
    private let hedgeAfter: Duration
    private let health: ModelHealthBoard
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// - Parameters:
    ///   - links: at least one, the preferred one first. A request's own model is the first one's; the others use the one
    ///     they are configured with.
    ///   - hedgeAfter: how long a model may be without anything useful before the next one is asked as well.
    ///   - health: shared by all that ask these providers.
    package init(
        _ links: [Link], hedgeAfter: Duration, health: ModelHealthBoard,
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        precondition(!links.isEmpty, "a chain of models needs a model")
        self.links = links
        self.hedgeAfter = hedgeAfter
        self.health = health
        self.clock = clock
        self.logger = logger
    }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        // Not bounded: each model bounds the size of its answer, and one of them is given out.
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
        let task = Task { await run(request, continuation) }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return events
    }

    private enum Signal: Sendable {
        case event(ModelEvent, from: Int)
        case failed(ModelError, from: Int)
        case ended(Int)
        case hedge(number: Int)
    }

    private typealias Output = AsyncThrowingStream<ModelEvent, any Error>.Continuation

    private func run(_ request: ModelRequest, _ output: Output) async {
        var race = FallbackRace(health.order(links.map(\.name)))
        // Bounded as the answers are.
        let (signals, feed) = AsyncStream.makeStream(of: Signal.self)
        var answers: [Int: Task<Void, Never>] = [:]
        var timers: [Task<Void, Never>] = []

        /// Does what the race decided; false when it is over.
        func perform(_ actions: [FallbackRace.Action]) -> Bool {
            for action in actions {
                switch action {
                case .start(let position, let number):
                    if number > 1 {
                        logger.notice(
                            "The next language model is asked",
                            metadata: ["provider": "\(links[position].name)", "number": "\(number)"])
                    }
                    answers[position] = Task { await ask(position, request, feed) }
                    if number < links.count { timers.append(Task { await remind(number, feed) }) }
                case .cancel(let position): answers[position]?.cancel()
                case .give(let event): output.yield(event)
                case .note(let position, let outcome): health.note(outcome, of: links[position].name)
                case .finish:
                    output.finish()
                    return false
                case .fail(let error):
                    output.finish(throwing: error)
                    return false
                }
            }
            return true
        }

        _ = perform(race.begin())
        // Ends when the task is cancelled, too.
        for await signal in signals {
            let isOn =
                switch signal {
                case .event(let event, let position): perform(race.received(event, from: position))
                case .failed(let error, let position): perform(race.failed(error, from: position))
                case .ended(let position): perform(race.ended(position, provider: links[position].name))
                case .hedge(let number): perform(race.hedge(after: number))
                }
            if !isOn { break }
        }
        for task in timers + answers.values { task.cancel() }
        for task in timers + answers.values { await task.value }
        output.finish(
            throwing: ModelError(.cancelled, provider: links[0].name, detail: "given up by whoever asked"))
    }

    private func ask(
        _ position: Int, _ request: ModelRequest, _ feed: AsyncStream<Signal>.Continuation
    ) async {
        var request = request
        // The name of a model means something to its own provider only.
        if position > 0 { request.model = nil }
        do {
            for try await event in links[position].model.answer(request) {
                feed.yield(.event(event, from: position))
            }
            feed.yield(.ended(position))
        } catch let error as ModelError {
            feed.yield(.failed(error, from: position))
        } catch {
            feed.yield(
                .failed(
                    ModelError(.protocolViolation, provider: links[position].name, detail: "\(error)"), from: position))
        }
    }

    private func remind(_ number: Int, _ feed: AsyncStream<Signal>.Continuation) async {
        guard (try? await clock.sleep(for: hedgeAfter)) != nil else { return }
        feed.yield(.hedge(number: number))
    }
}
