package import Foundation

/// An agent that a person has stopped, or all of them, until somebody lets it go on.
package struct AgentStop: Sendable, Equatable, Codable {
    /// Nil for all.
    package var agent: String?
    /// Calls that were on the line are ended.
    package var endsCalls: Bool
    /// New calls go to the agent's escalation; without it they are refused.
    package var escalates: Bool
    package var stoppedAt: Date
    package var stoppedBy: String
    package var reason: String?

    package init(
        agent: String?, endsCalls: Bool, escalates: Bool, stoppedAt: Date, stoppedBy: String, reason: String? = nil
    ) {
        self.agent = agent
        self.endsCalls = endsCalls
        self.escalates = escalates
        self.stoppedAt = stoppedAt
        self.stoppedBy = stoppedBy
        self.reason = reason
    }

    init(row: SQLRow) {
        let name: String = row["agent"]
        agent = name.isEmpty ? nil : name
        endsCalls = row["ends_calls"]
        escalates = row["escalates"]
        stoppedAt = Date(storedMilliseconds: row["stopped_at"])
        stoppedBy = row["stopped_by"]
        reason = row["reason"]
    }

    /// Whether it is about the agent of that name.
    package func covers(_ name: String) -> Bool { agent.map { $0 == name } ?? true }
}
