/// What a restored database was given of the newer one that it took the place of: what was refused or taken back since the
/// backup must not be allowed again.
package struct CarriedOver: Sendable, Equatable {
    /// Numbers that came onto a list of people not to call.
    package var suppressions = 0
    /// Consents that were revoked.
    package var consents = 0
    /// Keys that were revoked.
    package var keys = 0
    /// Accounts that were removed, or whose password or role is another one.
    package var accounts = 0
    /// Agents that were stopped.
    package var stops = 0
    /// Calls of erased people that were in the backup, and are deleted again.
    package var calls = 0
    /// Files of recordings of those calls.
    package var files = 0
    /// Erasures since the backup. One of somebody who was on no call left nothing that tells whom.
    package var erasures = 0

    package init() {}

    /// For people, and for the audit log: how many of what, without what there was none of.
    package var counts: [String: Int] {
        [
            "suppressions": suppressions, "consents": consents, "keys": keys, "accounts": accounts, "stops": stops,
            "calls": calls, "files": files, "erasures": erasures,
        ].filter { $0.value > 0 }
    }
}
