import Telephony

/// Where a caller is sent.
///
/// An agent may name a place instead (`reception`); the address behind it is the operator's to set.
package enum TransferDestination: Sendable, Equatable {
    /// `+` and digits.
    case number(String)
    /// `sip:…` or `sips:…`.
    case sip(String)

    /// Why a caller is not sent on.
    static let missing = "the agent names no number, and calls.escalation is not set"

    /// A telephone number or a SIP address.
    package init?(_ address: String) {
        if address.hasPrefix("+") {
            self = .number(address)
        } else if CarrierNumber.isSIP(address) {
            self = .sip(address)
        } else {
            return nil
        }
    }

    /// - Parameters:
    ///   - name: as the agent says it.
    ///   - escalation: who is behind a name that is no address.
    package init?(_ name: String, escalation: String?) {
        guard let found = Self(name) ?? escalation.flatMap(Self.init) else { return nil }
        self = found
    }

    package var address: String {
        switch self {
        case .number(let address), .sip(let address): address
        }
    }
}
