import Foundation
import Store

/// What is told of a version that has spent its error budget.
struct VersionBurntBody: Encodable {
    let agent: String
    let version: Int
    let hash: String
    /// What was wrong, and what was done about it.
    let reason: String
    let burntAt: Date

    init(_ version: AgentVersionRecord, _ act: AgentAct) {
        agent = version.agent
        self.version = version.number
        hash = version.hash
        reason = act.detail ?? ""
        burntAt = act.happenedAt
    }
}
