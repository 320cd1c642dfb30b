package import Foundation

/// Something that somebody did, before it has its place in the audit log.
///
/// Never holds what a caller said, a telephone number or a key.
package struct AuditDraft: Sendable, Equatable {
    /// How it ended.
    package enum Outcome: String, Sendable, Codable, CaseIterable {
        case done
        /// Somebody asked who may not, or for what cannot be.
        case refused
        /// It was allowed, and went wrong on our side.
        case failed
    }

    /// Who: `key ID`, `terminal USER`, `service`, `anybody` while there is no key.
    package var actor: String
    /// The name that people gave it.
    package var actorName: String
    /// What: an operation of the API, `POST /calls/{id}/hangup`, or a command, `keys create`.
    package var act: String
    /// What it was done to: a path, an id.
    package var subject: String
    package var outcome: Outcome
    /// What else is known of it, by name.
    package var detail: [String: String]
    package var happenedAt: Date

    package init(
        actor: String, actorName: String = "", act: String, subject: String = "", outcome: Outcome = .done,
        detail: [String: String] = [:], at moment: Date
    ) {
        self.actor = actor
        self.actorName = actorName
        self.act = act
        self.subject = subject
        self.outcome = outcome
        self.detail = detail
        happenedAt = moment
    }
}
