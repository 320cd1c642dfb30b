import Synchronization

/// Lets replies run one after the other, in the order in which they were asked for.
final class TurnQueue: Sendable {
    typealias Outputs = AsyncThrowingStream<DialogueOutput, any Error>.Continuation

    private let tickets = Atomic<Int>(0)
    private let line = Line()

    /// A reply whose place in the order is taken now. Ending the iteration cancels `answer`, whose turn comes all the same.
    ///
    /// - Parameter answer: makes the outputs when every earlier reply is finished. They are not bounded here: it bounds them.
    func reply(
        _ answer: @escaping @Sendable (Outputs) async throws -> Void
    ) -> AsyncThrowingStream<DialogueOutput, any Error> {
        let (outputs, continuation) = AsyncThrowingStream.makeStream(of: DialogueOutput.self)
        let ticket = tickets.wrappingAdd(1, ordering: .relaxed).oldValue
        let task = Task { [line] in
            await line.wait(for: ticket)
            let failure: (any Error)?
            do {
                try await answer(continuation)
                failure = nil
            } catch { failure = error }
            await line.finish(ticket)
            continuation.finish(throwing: failure)
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return outputs
    }

    private actor Line {
        private var current = 0
        private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

        func wait(for ticket: Int) async {
            if ticket <= current { return }
            await withCheckedContinuation { waiting[ticket] = $0 }
        }

        func finish(_ ticket: Int) {
            current = ticket + 1
            waiting.removeValue(forKey: current)?.resume()
        }
    }
}
