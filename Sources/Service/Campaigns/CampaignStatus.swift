package import Campaigns
package import Foundation
package import Store

/// A campaign in numbers, for people and programs.
package struct CampaignStatus: Sendable, Equatable, Encodable {
    package var name: String
    package var state: CampaignRecord.State
    package var reason: String?
    package var createdAt: Date
    package var startedAt: Date?
    package var contacts: Int
    package var waiting: Int
    package var calling: Int
    package var done: Int
    /// Contacts that are done, by their last outcome or the rule that ended them.
    package var doneBy: [String: Int]
    package var attempts: Int
    /// Attempts that ended, by outcome.
    package var outcomes: [String: Int]
    /// Nil in lists.
    package var abandonment: Abandonment?

    /// How many of the people who answered in 30 days got no agent in time.
    package struct Abandonment: Sendable, Equatable, Encodable {
        /// By a person.
        package var answered: Int
        /// They heard no agent.
        package var abandoned: Int
        /// They heard the agent later than two seconds after their greeting.
        package var late: Int
        /// Of those who answered, the abandoned and the late, 0...1.
        package var share: Double
        /// The share from which on nobody is called.
        package var limit: Double

        init(_ rate: AbandonmentRate, limit: Double) {
            (answered, abandoned, late) = (rate.answered, rate.abandoned, rate.late)
            share = rate.share
            self.limit = limit
        }
    }

    init(_ record: CampaignRecord, contacts counts: [ContactCount], attempts: [String?: Int]) {
        name = record.name
        state = record.state
        reason = record.reason
        createdAt = record.createdAt
        startedAt = record.startedAt
        func sum(_ state: ContactRecord.State) -> Int { counts.filter { $0.state == state }.map(\.number).reduce(0, +) }
        (waiting, calling, done) = (sum(.waiting), sum(.calling), sum(.done))
        contacts = waiting + calling + done
        doneBy = Dictionary(
            counts.filter { $0.state == .done }.map { ($0.outcome ?? "unknown", $0.number) }, uniquingKeysWith: +)
        self.attempts = attempts.values.reduce(0, +)
        outcomes = Dictionary(attempts.compactMap { pair in pair.key.map { ($0, pair.value) } }, uniquingKeysWith: +)
    }
}

/// Why a contact is called or not, and was.
package struct CampaignExplanation: Sendable, Encodable {
    package var campaign: String
    package var contact: ContactRecord
    /// What the gate says now.
    package var now: GateDecision
    /// With what it said then, as JSON text.
    package var attempts: [AttemptRecord]
    /// Whether each of these records is as it was signed, by the attempt's id.
    package var signatures: [String: DecisionVerdict]
}
