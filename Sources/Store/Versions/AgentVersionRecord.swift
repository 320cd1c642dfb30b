package import Foundation

/// A version of an agent that was published.
package struct AgentVersionRecord: Sendable, Equatable, Codable {
    package var agent: String
    /// Counts the agent's versions from 1.
    package var number: Int
    /// Of everything it is made of; equal content has an equal hash.
    package var hash: String
    /// The name of the file it was read from.
    package var file: String
    package var publishedAt: Date
    /// A person, or the name of an API key.
    package var publishedBy: String
    package var note: String?
    /// Calls that began earlier do not count for its error budget: a person has put it into service since.
    package var budgetSince: Date
    /// When its error budget was spent; nil while it is not.
    package var burntAt: Date?
    package var burntBecause: String?

    package init(
        agent: String, number: Int, hash: String, file: String, publishedAt: Date, publishedBy: String,
        note: String? = nil, budgetSince: Date, burntAt: Date? = nil, burntBecause: String? = nil
    ) {
        self.agent = agent
        self.number = number
        self.hash = hash
        self.file = file
        self.publishedAt = publishedAt
        self.publishedBy = publishedBy
        self.note = note
        self.budgetSince = budgetSince
        self.burntAt = burntAt
        self.burntBecause = burntBecause
    }

    init(row: SQLRow) {
        agent = row["agent"]
        number = row["number"]
        hash = row["hash"]
        file = row["file"]
        publishedAt = Date(storedMilliseconds: row["published_at"])
        publishedBy = row["published_by"]
        note = row["note"]
        budgetSince = Date(storedMilliseconds: row["budget_since"])
        burntAt = (row["burnt_at"] as Int?).map(Date.init(storedMilliseconds:))
        burntBecause = row["burnt_because"]
    }
}

/// What a version is made of.
package struct AgentVersionContent: Sendable, Equatable {
    /// See ``AgentVersionRecord/hash``.
    package var hash: String
    package var file: String
    /// The definition, byte for byte.
    package var source: Data
    /// What the definition refers to: path → content.
    package var resources: [String: Data]

    package init(hash: String, file: String, source: Data, resources: [String: Data] = [:]) {
        self.hash = hash
        self.file = file
        self.source = source
        self.resources = resources
    }
}
