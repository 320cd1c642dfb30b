import Synchronization

/// A question to ``SmartTurnModel`` that may be withdrawn.
package final class SmartTurnRequest: Sendable {
    let audio: [Int16]
    let deadline: ContinuousClock.Instant
    private let answer: @Sendable (Double) -> Void
    private let isWithdrawn = Atomic<Bool>(false)

    init(audio: [Int16], deadline: ContinuousClock.Instant, answer: @escaping @Sendable (Double) -> Void) {
        self.audio = audio
        self.deadline = deadline
        self.answer = answer
    }

    /// Speech has resumed: the answer is no longer wanted. One that is being given at this moment may still come.
    package func cancel() { isWithdrawn.store(true, ordering: .relaxed) }

    package var isCancelled: Bool { isWithdrawn.load(ordering: .relaxed) }

    func deliver(_ likelihood: Double) {
        if !isCancelled { answer(likelihood) }
    }
}
