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
    private let failed: Failure

    private final class Failure: Sendable {
        let isThere = Atomic<Bool>(false)
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
        let failed = Failure()
        (self.events, self.failed) = (events, failed)
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
                    if case .text(let text) = event { begin(with: splitter.push(text)) }
                }
                // Half a clause was never meant to be said.
                if !Task.isCancelled { begin(with: splitter.flush()) }
                forward.finish()
            } catch {
                failed.isThere.store(true, ordering: .relaxed)
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
    var hasFailed: Bool { failed.isThere.load(ordering: .relaxed) }

    func cancel() { generating.cancel() }

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
