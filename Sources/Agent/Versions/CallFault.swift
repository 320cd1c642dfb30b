/// What can go wrong on a call that an agent's version may be to blame for. The names are those of the agent's file, the
/// store, the metrics and the API.
package enum CallFault: String, Sendable, Codable, CaseIterable {
    /// A tool that did not work: not one that found nothing, or that waits for a person.
    case toolFailures = "tool_failures"
    /// The caller was not understood and asked again.
    case reasks
    /// The agent could not help and followed its `escalation`.
    case escalations
    /// The agent had nothing to say when it was its turn.
    case deadAir = "dead_air"
    /// A person rejected what the agent wanted to do.
    case reviewRejections = "review_rejections"
    /// The agent was about to say that something was done that was not.
    case brokenPromises = "broken_promises"
}
