/// What one process tells the others of a database, so that they look at once and not when they would look anyway.
///
/// A signal says that there is something to look for and nothing else: one that is lost only makes others wait for their
/// next look.
package enum StoreSignal: String, Sendable, CaseIterable {
    /// A campaign begins, pauses or goes on.
    case campaigns
    /// Somebody is to be told of something.
    case webhooks
    /// Another version of an agent is to take calls.
    case versions
}

extension SQLSession {
    /// Tells the others once the transaction is kept; where it is not they hear nothing. A file has no others.
    func signal(_ signal: StoreSignal) throws {
        guard dialect == .postgres else { return }
        try execute(sql: "SELECT pg_notify(\(Self.signalChannel), ?)", arguments: [signal.rawValue])
    }

    /// Of our schema alone: several may be in one database. A channel's name has at most 63 bytes.
    static let signalChannel = "'parley_' || md5(current_schema())"
}
