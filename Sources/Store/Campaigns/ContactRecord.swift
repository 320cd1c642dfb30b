package import Foundation

/// Somebody a campaign calls.
package struct ContactRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// To be called at ``ContactRecord/nextAt`` or later: the next attempt is planned.
        case waiting
        /// An attempt is open.
        case calling
        case done
    }

    package var id: Int
    package var campaignID: String
    /// E.164
    package var number: String
    /// Of the file it came from, from 1; 0 where it came from no file.
    package var line: Int
    /// The state of the United States in the address on file, two letters; empty when unknown.
    package var region: String
    /// IANA name, of the address on file.
    package var timeZone: String?
    /// What the agent knows about this person.
    package var variables: [String: String]
    package var state: State
    /// Of the last attempt, or the rule of the gate that ended it.
    package var outcome: String?
    /// Those that count.
    package var attempts: Int
    package var nextAt: Date
    /// When they asked to be called; stays until they were.
    package var callbackAt: Date?
    /// What the gate said last, JSON.
    package var decision: String?

    init(row: SQLRow) throws {
        id = row["id"]
        campaignID = row["campaign_id"]
        number = row["number"]
        line = row["line"]
        region = row["region"]
        timeZone = row["time_zone"]
        variables = try StoredJSON.value(row["variables"])
        state = try row.word("state")
        outcome = row["outcome"]
        attempts = row["attempts"]
        nextAt = Date(storedMilliseconds: row["next_at"])
        callbackAt = row.date("callback_at")
        decision = row["decision"]
    }
}

/// A contact to be added.
package struct NewContact: Sendable, Equatable {
    package var number: String
    package var line: Int
    package var region: String
    package var timeZone: String?
    package var variables: [String: String]
    /// Stored with it, if the file says so.
    package var consent: ConsentRecord?

    package init(
        number: String, line: Int = 0, region: String = "", timeZone: String? = nil, variables: [String: String] = [:],
        consent: ConsentRecord? = nil
    ) {
        self.number = number
        self.line = line
        self.region = region
        self.timeZone = timeZone
        self.variables = variables
        self.consent = consent
    }
}
