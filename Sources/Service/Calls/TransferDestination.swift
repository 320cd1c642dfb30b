/// Where a caller is sent: a telephone number or a SIP address.
///
/// An agent may name a place instead (`reception`); the address behind it is the operator's to set.
struct TransferDestination: Sendable, Equatable {
    /// `+` and digits, or `sip:…`.
    let address: String

    /// Why a caller is not sent on.
    static let missing = "the agent names no number, and calls.escalation is not set"

    /// - Parameters:
    ///   - name: as the agent says it.
    ///   - escalation: who is behind a name that is no address.
    init?(_ name: String, escalation: String?) {
        guard let address = name.hasPrefix("+") ? name : escalation else { return nil }
        self.address = address
    }
}
