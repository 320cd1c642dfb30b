/// How often things happened in a call.
package struct CallCounts: Sendable, Equatable, Codable {
    package var callerTurns: Int
    package var agentTurns: Int
    /// Turns of the caller that were heard but not understood.
    package var notUnderstood: Int
    /// Turns of the agent that the caller cut short.
    package var interruptions: Int
    package var toolCalls: Int

    package init(
        callerTurns: Int = 0, agentTurns: Int = 0, notUnderstood: Int = 0, interruptions: Int = 0, toolCalls: Int = 0
    ) {
        self.callerTurns = callerTurns
        self.agentTurns = agentTurns
        self.notUnderstood = notUnderstood
        self.interruptions = interruptions
        self.toolCalls = toolCalls
    }
}
