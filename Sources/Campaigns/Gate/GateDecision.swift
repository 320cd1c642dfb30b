package import Foundation

/// What the gate said and why: the record that stays with an attempt.
package struct GateDecision: Sendable, Equatable, Codable {
    /// In the order in which they are asked; what comes first weighs more.
    package enum Rule: String, Sendable, Codable, CaseIterable {
        case doNotCall = "do not call"
        case revoked = "consent revoked"
        case registry
        case number
        case consent
        case disclosure
        case callerID = "caller id"
        case attempts
        case campaign
        case agent
        case openCall = "open call"
        case attemptsPerDay = "attempts per day"
        case attemptsPerWeek = "attempts per week"
        case quiet
        case abandonment
        case timeZone = "time zone"
        case hours
    }

    package struct Check: Sendable, Equatable, Codable {
        package var rule: Rule
        package var verdict: Verdict
        /// What was found.
        package var detail: String

        package init(_ rule: Rule, _ verdict: Verdict, _ detail: String) {
            self.rule = rule
            self.verdict = verdict
            self.detail = detail
        }
    }

    package enum Verdict: Sendable, Equatable, Codable {
        case dial
        /// Not now; look again at this time.
        case wait(until: Date)
        /// Not in this campaign.
        case never
    }

    package var at: Date
    package var verdict: Verdict
    /// The rule that decided; nil when all agreed.
    package var rule: Rule?
    package var checks: [Check]
}
