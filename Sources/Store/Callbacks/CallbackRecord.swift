package import Foundation

/// A call that was promised to somebody who called.
package struct CallbackRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Stored, and not yet handed to those who place calls.
        case promised
        /// Placed when it is due, if the gate lets it.
        case queued
        case cancelled
    }

    package var id: String
    /// On which it was promised.
    package var callID: String
    /// E.164
    package var number: String
    /// Why it was promised.
    package var note: String
    package var dueAt: Date
    /// Whose clock the person was told.
    package var timeZone: String
    package var state: State
    package var promisedAt: Date
    /// Of the contact that it became: `waiting`, `calling`, `done`; nil before.
    package var contact: String?
    /// Of the last attempt, or the rule of the gate that ended it.
    package var outcome: String?
    package var attempts: Int?
    /// Of the campaign that keeps it: one that is `paused` calls nobody until it is started again.
    package var campaignState: String?
    /// Why the campaign is in that state.
    package var campaignReason: String?

    /// The campaign of one contact that keeps the promise.
    package var campaign: String { Self.campaign(of: id) }

    /// The proof of the consent that came with it.
    package var consentSource: String { Self.consentPrefix + callID }

    static let consentPrefix = "asked for it on the call "

    package static func campaign(of id: String) -> String { campaignPrefix + id }
    /// How these names begin.
    static let campaignPrefix = "callback-"

    package init(
        id: String, callID: String, number: String, note: String, dueAt: Date, timeZone: String,
        state: State = .promised, promisedAt: Date
    ) {
        self.id = id
        self.callID = callID
        self.number = number
        self.note = note
        self.dueAt = dueAt
        self.timeZone = timeZone
        self.state = state
        self.promisedAt = promisedAt
    }

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], callID: row["call_id"], number: row["number"], note: row["note"],
            dueAt: Date(storedMilliseconds: row["due_at"]), timeZone: row["time_zone"], state: try row.word("state"),
            promisedAt: Date(storedMilliseconds: row["promised_at"]))
        contact = row["contact"]
        outcome = row["outcome"]
        attempts = row["attempts"]
        campaignState = row["campaign_state"]
        campaignReason = row["campaign_reason"]
    }
}
