import Networking

/// Says something while a tool of one conversation takes its time: once in a reply, whatever runs side by side.
final class ToolWaiting: Sendable {
    private struct State {
        /// Said in this reply.
        var filler: String?
        var count = 0
    }

    private let wait: ToolWait?
    private let state = Lock(State())

    init(_ wait: ToolWait?) { self.wait = wait }

    /// What was said in the last reply that the dialogue itself did not say.
    var filler: String? { state.withLock(\.filler) }

    func beginReply() { state.withLock { $0.filler = nil } }

    /// Runs a tool to its end, and fills a long wait.
    func run(
        _ invocation: ToolInvocation, idempotencyKey: String, by runner: ToolRunner,
        _ outputs: AsyncThrowingStream<DialogueOutput, any Error>.Continuation
    ) async -> ToolOutcome {
        await runner.run(invocation, idempotencyKey: idempotencyKey, patience: wait?.after) { [self] in
            if let text = next() { outputs.yield(.say(text)) }
        }
    }

    private func next() -> String? {
        guard let wait, !wait.say.isEmpty else { return nil }
        return state.withLock { state in
            guard state.filler == nil else { return nil }
            state.count += 1
            let text = wait.say[(state.count - 1) % wait.say.count]
            state.filler = text
            return text
        }
    }
}
