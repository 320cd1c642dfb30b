package import Foundation

/// A service that works on this database, from its start to its end.
package struct NodeRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Takes calls.
        case open
        /// Takes no more of them; those it has go on.
        case draining
        /// Ended as it should.
        case closed
        /// Was not heard of any more; its calls were ended by another node.
        case lost
    }

    /// New at every start.
    package var id: String
    /// Of its machine, for people.
    package var name: String
    /// When its program was made.
    package var version: String
    package var state: State
    package var startedAt: Date
    /// By its own clock.
    package var seenAt: Date
    package var endedAt: Date?
    /// Grows while it lives.
    package var beats: Int
    /// Between two of them, in milliseconds; nil where a node of before does not tell.
    package var beat: Int?
    /// On the line now.
    package var calls: Int
    /// Calls that it takes at most.
    package var capacity: Int
    /// Where carriers find the calls that it holds; nil where it was not told.
    package var address: String?
    /// Whether records of its calls wait outside the database.
    package var hasSpilled: Bool

    package init(
        id: String, name: String, version: String, state: State = .open, startedAt: Date, calls: Int = 0,
        capacity: Int, hasSpilled: Bool = false, beat: Int? = nil, address: String? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.state = state
        self.startedAt = startedAt
        seenAt = startedAt
        beats = 0
        self.beat = beat
        self.calls = calls
        self.capacity = capacity
        self.hasSpilled = hasSpilled
        self.address = address
    }

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], name: row["name"], version: row["version"], state: try row.word("state"),
            startedAt: Date(storedMilliseconds: row["started_at"]), calls: row["calls"], capacity: row["capacity"],
            hasSpilled: row["spills"], beat: row["beat"], address: row["address"])
        seenAt = Date(storedMilliseconds: row["seen_at"])
        endedAt = row.date("ended_at")
        beats = row["beats"]
    }
}
