/// What a dialogue does in answer to an input, in order.
package enum DialogueOutput: Sendable, Equatable {
    /// A sentence or clause, ready to be spoken.
    case say(String)
    case toolStarted(ToolInvocation)
    case toolFinished(ToolInvocation, ToolOutcome)
    /// The agent states, or wanted to state, what nothing supports.
    case flagged(statement: String, isHeld: Bool)
    /// What was understood of the caller's turn, for transcript and journal.
    case understood(Understanding)
    /// What the agent expects next; steers recognition and endpointing. The last one of a reply holds until the next.
    case expect(Expectation)
    /// What follows is said by another agent, in its voice.
    case tookOver(agent: String)
    /// Press these keys, for a menu at the other end: up to 32 of `0-9`, `A-D`, `*` and `#`.
    case press(String)
    /// Hand the caller to a person. Nothing follows.
    case transfer(destination: String, reason: String)
    /// Say what was said, then hang up. Nothing follows.
    case hangUp(reason: String)
}
