package import Foundation

/// The right to place one call, once, now. Only ``Gate`` can make one; whoever places calls wants to see it.
package struct DialPermit: Sendable {
    package let number: String
    package let callerID: String
    package let decision: GateDecision
    /// Past this moment it is worth nothing: the clock may have moved over the end of the hours.
    package let expires: Date

    /// Whether a call may be placed with it. Not before it was given either: a clock that was set back does not tell how long
    /// ago that was.
    package func holds(at now: Date) -> Bool { decision.at <= now && now < expires }

    fileprivate init(number: String, callerID: String, decision: GateDecision, expires: Date) {
        self.number = number
        self.callerID = callerID
        self.decision = decision
        self.expires = expires
    }
}

extension Gate {
    /// How long a permit lasts: from the decision to the request at the carrier.
    package static let permitLifetime: TimeInterval = 10

    static func permit(_ facts: GateFacts, _ decision: GateDecision, within hours: CallingHours) -> DialPermit? {
        guard decision.verdict == .dial, let callerID = facts.callerID, let parsed = facts.parsed else { return nil }
        let end = decision.at.addingTimeInterval(permitLifetime)
        return DialPermit(
            number: parsed.e164, callerID: callerID, decision: decision,
            expires: hours.closing(after: decision.at, before: end) ?? end)
    }
}
