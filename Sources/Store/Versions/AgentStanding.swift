package import Foundation

/// Which versions of an agent take new calls.
package struct AgentStanding: Sendable, Equatable, Codable {
    package var agent: String
    /// Takes every call that ``trial`` does not.
    package var live: Int
    /// On trial beside it.
    package var trial: Int?
    /// Of a hundred calls, how many go to ``trial``; 0...99, and 0 without one.
    package var percent: Int
    /// New calls go straight to the escalation of ``live``: its error budget is spent, and its file wants it so.
    package var escalates: Bool
    /// The act that made it so; grows with every change.
    package var act: Int

    package init(agent: String, live: Int, trial: Int? = nil, percent: Int = 0, escalates: Bool = false, act: Int) {
        self.agent = agent
        self.live = live
        self.trial = trial
        self.percent = percent
        self.escalates = escalates
        self.act = act
    }

    init(row: SQLRow) {
        agent = row["agent"]
        live = row["live"]
        trial = row["trial"]
        percent = row["percent"]
        escalates = row["escalates"]
        act = row["act"]
    }
}

/// What was done with an agent's versions, by whom, and why.
package struct AgentAct: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case published
        case rolledBack = "rolled_back"
        /// The share of a trial was set; nothing of it is a trial's end.
        case split
        case unpublished
        /// The version's error budget was spent.
        case burnt
        /// A service could not load the version and did not take it.
        case refused
    }

    package var id: Int
    package var agent: String
    package var kind: Kind
    package var number: Int?
    package var happenedAt: Date
    package var by: String
    package var detail: String?

    init(row: SQLRow) throws {
        id = row["id"]
        agent = row["agent"]
        kind = try row.word("kind")
        number = row["number"]
        happenedAt = Date(storedMilliseconds: row["happened_at"])
        by = row["done_by"]
        detail = row["detail"]
    }
}
