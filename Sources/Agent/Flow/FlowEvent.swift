/// What happens to a flow.
package enum FlowEvent: Sendable, Equatable {
    /// The line is open.
    case started
    case said(CallerTurn)
    /// Speech, but not of the task.
    case notUnderstood
    /// Nobody spoke; `count` times in a row.
    case silent(count: Int)
    case keys(String)
    /// The caller was to be put through, and is back.
    case notReached(reason: String)
    /// The outcome of the call that the flow waits for.
    case toolFinished(id: String, ToolOutcome)
}

/// What a flow does next, in order.
package enum FlowStep: Sendable, Equatable {
    case output(DialogueOutput)
    /// Run this tool and come back with ``FlowEvent/toolFinished(id:_:)``. Always the last one.
    case call(ToolInvocation, idempotencyKey: String)
}
