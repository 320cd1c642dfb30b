import Agent

extension ConversationEvent {
    /// What a dialogue's output is to the call.
    init(_ output: DialogueOutput, generation: Int) {
        self =
            switch output {
            case .say(let text): .replySaid(generation: generation, text: text)
            case .understood(let understanding): .replyUnderstood(generation: generation, understanding)
            case .expect(let expectation): .replyExpects(generation: generation, expectation)
            case .toolStarted(let call): .toolStarted(generation: generation, ToolCall(call))
            case .toolFinished(let call, let outcome):
                .toolFinished(generation: generation, ToolCall(call, outcome))
            case .flagged(let statement, let isHeld):
                .replyFlagged(generation: generation, statement: statement, isHeld: isHeld)
            case .tookOver(let agent): .replyTakenOver(generation: generation, agent: agent)
            case .press(let keys): .replyPresses(generation: generation, keys: keys)
            case .transfer(let destination, let reason):
                .replyTransfers(generation: generation, destination: destination, reason: reason)
            case .hangUp(let reason): .replyHangsUp(generation: generation, reason: reason)
            }
    }
}
