/// What can happen to a dialogue.
package enum DialogueInput: Sendable, Equatable {
    /// The line is open; greet.
    case callStarted(CallFacts)
    case callerSaid(CallerTurn)
    /// Speech was heard but not understood as words of the task.
    case callerNotUnderstood
    /// Nobody spoke for the time the agent allows; `count` times in a row.
    case callerSilent(count: Int)
    /// Telephone keys, in the order pressed: `0-9`, `*`, `#`, `A-D`.
    case keysPressed(String)
    /// The caller was to be put through, and is back: nobody could be reached.
    case notReached(reason: String)
}
