/// How a call ended for the one who called, or was called.
package enum CallResolution: String, Sendable, Codable, CaseIterable {
    /// The agent kept it to its end.
    case contained
    /// A person took it: the caller was put through, or an operator took the line.
    case transferred
    /// The caller hung up before the agent had answered them once.
    case abandoned
    /// The agent, or the service under it, could not go on, or the line broke.
    case failed
    /// A call that we placed and that no person took: a machine, a menu, a fax.
    case unreached
}
