import Agent
package import Foundation
package import Store

/// The versions of an agent, for the terminal and the API.
package struct VersionList: Encodable, Sendable {
    package let agent: String
    /// The number of the version that is live; absent while the agent takes its calls from its file.
    package let live: Int?
    /// The number of the version on trial.
    package let trial: Int?
    /// Of a hundred new calls, how many go to the trial.
    package let percent: Int
    /// New calls go to the agent's escalation.
    package let escalates: Bool
    /// Why a service does not take the newest decision; absent when it does.
    package let refused: String?
    /// Newest first.
    package let versions: [VersionView]
    /// For `after`; absent where no older version follows.
    package let next: String?
    /// What was done, newest first.
    package let acts: [AgentAct]

    init(
        agent: String, standing: AgentStanding?, refused: String?, versions: [VersionView], next: String?,
        acts: [AgentAct]
    ) {
        self.agent = agent
        live = standing?.live
        trial = standing?.trial
        percent = standing?.percent ?? 0
        escalates = standing?.escalates ?? false
        self.refused = refused
        self.versions = versions
        self.next = next
        self.acts = acts
    }
}

package struct VersionView: Encodable, Sendable {
    package let number: Int
    package let hash: String
    package let publishedAt: Date
    package let publishedBy: String
    package let note: String?
    /// Of a hundred new calls, how many it takes.
    package let percent: Int
    /// Calls that it has taken since ever; versions of equal content share them.
    package let calls: Int
    /// Of versions that take calls, and of those that have burnt.
    package let budget: BudgetView?
    package let burntAt: Date?
    package let burntBecause: String?

    init(_ version: AgentVersionRecord, standing: AgentStanding?, calls: Int, budget: BudgetView?) {
        number = version.number
        hash = version.hash
        publishedAt = version.publishedAt
        publishedBy = version.publishedBy
        note = version.note
        percent =
            switch version.number {
            case standing?.live: 100 - (standing?.percent ?? 0)
            case standing?.trial: standing?.percent ?? 0
            default: 0
            }
        self.calls = calls
        self.budget = budget
        burntAt = version.burntAt
        burntBecause = version.burntBecause
    }
}

/// How a version's error budget stands.
package struct BudgetView: Encodable, Sendable {
    package enum State: String, Encodable, Sendable {
        /// Too few calls to tell.
        case unproven
        case ok
        /// All that may go wrong went wrong.
        case burnt
    }

    package let state: State
    /// Calls in the window.
    package let calls: Int
    package let badCalls: Int
    /// The share of calls that may go wrong.
    package let allowed: Double
    /// Of what may go wrong, the share that has.
    package let spent: Double
    package let windowHours: Double
    package let minCalls: Int
    package let onBurn: String
    /// Fault → calls in the window on which it counts.
    package let faults: [String: Int]
    /// Fault → how often it must happen for a call to have gone wrong.
    package let counts: [String: Int]
    /// Calls that began earlier do not count, in milliseconds since 1970.
    package let since: Int
    /// Nor do those that ended earlier.
    package let endedSince: Int

    init(_ version: inout WatchedVersion, now: Date) {
        let standing = version.standing(now: now)
        let policy = version.policy
        state =
            version.record.burntAt != nil || standing.isBurnt
            ? .burnt : standing.calls < policy.minimumCalls ? .unproven : .ok
        calls = standing.calls
        badCalls = standing.badCalls
        allowed = policy.allowed
        spent = standing.spent
        windowHours = policy.window / .seconds(3600)
        minCalls = policy.minimumCalls
        onBurn = policy.action.rawValue
        faults = Dictionary(uniqueKeysWithValues: version.faultyCalls.map { ($0.key.rawValue, $0.value) })
        counts = Dictionary(uniqueKeysWithValues: policy.counts.map { ($0.key.rawValue, $0.value) })
        since = Self.milliseconds(version.record.budgetSince)
        endedSince = max(since, Self.milliseconds(now.addingTimeInterval(-(policy.window / .seconds(1)))))
    }
}

extension BudgetView {
    private static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }
}

/// What changed between two versions.
package struct VersionDiff: Encodable, Sendable {
    package struct File: Encodable, Sendable {
        package let path: String
        /// Hunks in the form of `diff -u`.
        package let diff: String
    }

    package let agent: String
    package let from: String
    package let to: String
    /// Files that differ.
    package let files: [File]

    init(agent: String, from: String, to: String, _ old: AgentBundle, _ new: AgentBundle) {
        self.agent = agent
        self.from = from
        self.to = to
        let paths = Set(old.resources.keys).union(new.resources.keys).sorted()
        let pairs =
            [(new.file, old.source, new.source)]
            + paths.map { ($0, old.resources[$0] ?? Data(), new.resources[$0] ?? Data()) }
        files = pairs.compactMap { path, before, after in
            let diff = LineDiff(
                from: String(decoding: before, as: UTF8.self), to: String(decoding: after, as: UTF8.self))
            return diff.isEmpty ? nil : File(path: path, diff: diff.text)
        }
    }

    /// As `diff -u` prints it; empty when nothing differs.
    package var text: String {
        files.map { "--- \($0.path) (\(from))\n+++ \($0.path) (\(to))\n\($0.diff)" }.joined()
    }
}
