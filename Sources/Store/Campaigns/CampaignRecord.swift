package import Foundation

/// A campaign as it is stored.
package struct CampaignRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Made, never started.
        case created
        case running
        case paused
        /// Every contact is done.
        case finished
    }

    /// How the names begin that campaigns of one call are given, unless somebody names them.
    package static let dialPrefix = "dial-"

    package var id: String
    /// Unique.
    package var name: String
    package var state: State
    /// Why it is in this state, where somebody or something gave a reason.
    package var reason: String?
    /// JSON, as the campaigns' own target writes and reads it.
    package var definition: String
    package var createdAt: Date
    package var startedAt: Date?
    package var changedAt: Date

    package init(id: String, name: String, definition: String, createdAt: Date) {
        self.id = id
        self.name = name
        self.definition = definition
        self.createdAt = createdAt
        state = .created
        changedAt = createdAt
    }

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], name: row["name"], definition: row["definition"],
            createdAt: Date(storedMilliseconds: row["created_at"]))
        state = try row.word("state")
        reason = row["reason"]
        startedAt = row.date("started_at")
        changedAt = Date(storedMilliseconds: row["changed_at"])
    }
}

extension SQLRow {
    /// A wall time that may be absent.
    func date(_ column: String) -> Date? { (self[column] as Int?).map(Date.init(storedMilliseconds:)) }
}
