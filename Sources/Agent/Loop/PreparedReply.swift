import Synchronization

/// A model's answer that was asked for before it was certain that the caller had finished.
///
/// It is generated meanwhile and waits; bounded, as every answer is, by the request's `maxTokens`. Whoever lets go of its
/// events ends it at the provider.
final class PreparedReply: Sendable {
    let request: ModelRequest
    /// Iterated once.
    let events: AsyncThrowingStream<ModelEvent, any Error>
    private let generating: Task<Void, Never>
    private let beginning: Task<String?, Never>
    private let state: State

    private final class State: Sendable {
        let hasFailed = Atomic<Bool>(false)
        /// Generated so far, in bytes.
        let generated = Atomic<Int>(0)
        /// In tokens, where the provider has said so; 0 before.
        let given = Atomic<Int>(0)
        let answered = Atomic<Int>(0)
    }

    /// - Parameters:
    ///   - promises: a first sentence that claims what is not so is none.
    ///   - grounding: nor is one that states what nothing supports, where such a sentence is held back.
    init(
        _ request: ModelRequest, from model: any LanguageModel, promises: PromiseCheck, grounding: GroundingCheck? = nil
    ) {
        self.request = request
        let (events, forward) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
        let (sentences, sentence) = AsyncStream.makeStream(of: String.self)
        let state = State()
        (self.events, self.state) = (events, state)
        generating = Task {
            defer { sentence.finish() }
            var splitter = ClauseSplitter()
            var isKnown = false
            func begin(with clauses: [String]) {
                guard !isKnown, let first = clauses.first else { return }
                isKnown = true
                let isHeld = grounding.map { $0.holdsBack && $0.unsupportedStatement(in: first) != nil } ?? false
                if promises.unsupportedClaim(in: first) == nil, !isHeld { sentence.yield(first) }
                sentence.finish()
            }
            do {
                for try await event in model.answer(request) {
                    forward.yield(event)
                    switch event {
                    case .text(let text):
                        state.generated.wrappingAdd(text.utf8.count, ordering: .relaxed)
                        begin(with: splitter.push(text))
                    case .toolCall(let call):
                        state.generated.wrappingAdd(
                            call.name.utf8.count + call.rawArguments.utf8.count, ordering: .relaxed)
                    case .finished(let finish):
                        guard let usage = finish.usage else { break }
                        state.given.store(usage.promptTokens, ordering: .relaxed)
                        state.answered.store(usage.completionTokens, ordering: .relaxed)
                    case .heard: break
                    }
                }
                // Half a clause was never meant to be said.
                if !Task.isCancelled { begin(with: splitter.flush()) }
                forward.finish()
            } catch {
                state.hasFailed.store(true, ordering: .relaxed)
                forward.finish(throwing: error)
            }
        }
        beginning = Task {
            for await first in sentences { return first }
            return nil
        }
        let task = generating
        forward.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
    }

    /// What it says first, as soon as that is known; nil where it says nothing, or nothing that may be said.
    var firstSentence: String? {
        get async { await beginning.value }
    }

    /// What failed while nobody waited for it is no reason to leave the caller without an answer.
    var hasFailed: Bool { state.hasFailed.load(ordering: .relaxed) }

    func cancel() { generating.cancel() }

    /// What it has cost so far, in tokens: as the provider says, or estimated where it was not finished.
    var cost: (given: Int, generated: Int) {
        let given = state.given.load(ordering: .relaxed)
        let answered = state.answered.load(ordering: .relaxed)
        guard given == 0 else { return (given, answered) }
        return (ContextBudget.estimate(request), ContextBudget.tokens(state.generated.load(ordering: .relaxed)))
    }

    /// Whether it answers `other`: the same request, but for how the caller's last words are written.
    func answers(_ other: ModelRequest) -> Bool {
        guard !hasFailed, case .user(let ours)? = request.messages.last, case .user(let theirs)? = other.messages.last,
            Self.words(ours) == Self.words(theirs)
        else { return false }
        var same = other
        same.messages = other.messages.dropLast() + request.messages.suffix(1)
        return same == request
    }

    /// Recognizers put marks and capitals into their last word on an utterance.
    private static func words(_ text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }
    }
}
