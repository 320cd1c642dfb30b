/// Decides which of several models a caller hears. What happened in, what to do out; no I/O.
///
/// The next model is started when the one before failed before giving out anything useful, or made no progress in time.
/// The first useful piece decides: its model is the answer from then on, whatever becomes of it, and the others are given
/// up. So nothing is ever said twice.
package struct FallbackRace: Sendable {
    package enum Action: Sendable, Equatable {
        /// Ask the model at this position, and call ``hedge(after:)`` with `number` after the deadline on its progress.
        case start(Int, number: Int)
        case cancel(Int)
        case give(ModelEvent)
        case note(Int, ModelOutcome)
        /// The answer is complete.
        case finish
        case fail(ModelError)
    }

    private var waiting: ArraySlice<Int>
    private var running: [Int] = []
    private var started = 0
    private var winner: Int?
    private var errors: [ModelError] = []
    private var isOver = false
    /// The winner's end was seen.
    private var isComplete = false

    /// - Parameter order: positions of the models, at least one, in the order in which to ask.
    package init(_ order: [Int]) {
        waiting = order[...]
    }

    package mutating func begin() -> [Action] { startNext() }

    /// The latest model has made no progress in time.
    ///
    /// - Parameter number: of the start that set the deadline.
    package mutating func hedge(after number: Int) -> [Action] {
        guard !isOver, winner == nil, number == started else { return [] }
        return startNext()
    }

    package mutating func received(_ event: ModelEvent, from position: Int) -> [Action] {
        guard !isOver, running.contains(position) else { return [] }
        var actions: [Action] = []
        if winner == nil {
            winner = position
            actions += running.filter { $0 != position }.map { .cancel($0) }
            running = [position]
        }
        if case .finished = event { isComplete = true }
        return actions + [.give(event)]
    }

    package mutating func failed(_ error: ModelError, from position: Int) -> [Action] {
        guard !isOver, running.contains(position) else { return [] }
        running.removeAll { $0 == position }
        let note = Action.note(position, ModelOutcome(error))
        if winner != nil {
            isOver = true
            return [note, .fail(error)]
        }
        errors.append(error)
        let next = error.isWorthTryingElsewhere ? startNext() : []
        guard next.isEmpty, running.isEmpty else { return [note] + next }
        isOver = true
        // The most hopeful one: whoever hears of it may ask the caller to say it again.
        return [note, .fail(errors.first(where: \.isRetryable) ?? errors[0])]
    }

    /// A model's stream came to its end.
    package mutating func ended(_ position: Int, provider: String) -> [Action] {
        guard isComplete else {
            return failed(
                ModelError(.protocolViolation, provider: provider, detail: "the answer has no end"), from: position)
        }
        guard !isOver, running.contains(position) else { return [] }
        isOver = true
        return [.note(position, .answered), .finish]
    }

    private mutating func startNext() -> [Action] {
        guard let next = waiting.popFirst() else { return [] }
        running.append(next)
        started += 1
        return [.start(next, number: started)]
    }
}
