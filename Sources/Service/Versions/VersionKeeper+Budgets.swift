import Agent
import Foundation
import Logging
import Store

/// What the versions' calls come to.
extension VersionKeeper {
    /// Watches the versions that take calls now; what is known of one that did so before is kept.
    func watch(_ standing: AgentStanding, _ lane: AgentRoster.Lane) async throws {
        var kept = watched.filter { $0.record.agent != standing.agent }
        for agent in [lane.live, lane.trial].compactMap(\.self) {
            guard let number = agent.number else { continue }
            let record = try await store.version(number, of: standing.agent)
            if let known = watched.first(where: { $0.record == record }) {
                kept.append(known)
            } else {
                kept.append(
                    try await WatchedVersion(
                        record, policy: agent.definition.errorBudget, store: store, now: now()))
            }
        }
        watched = kept
    }

    /// Counts calls that have ended and reviews that were rejected, and takes off what has spent its budget.
    func count(_ calls: [CallRecord]) async throws {
        for call in calls {
            let faults = call.faults?.callFaults ?? [:]
            tally.count(faults, of: call.agent)
            for index in watched.indices where watched[index].isOf(call.agent, hash: call.agentVersion) {
                watched[index].note(
                    faults, ofCall: call.id, began: call.startedAt, ended: call.endedAt ?? now(), now: now())
            }
        }
        guard !watched.isEmpty else { return }
        for review in try await store.rejectedReviews(since: lastReview) {
            // The next look begins at the same moment, in which more may have been decided; each is counted once.
            lastReview = review.decidedAt
            for index in watched.indices { watched[index].add(review, now: now()) }
        }
        for version in watched {
            var version = version
            guard !version.isReported, version.standing(now: now()).isBurnt else { continue }
            try await burn(version)
        }
    }

    private func burn(_ version: WatchedVersion) async throws {
        var version = version
        let reason = version.reason(now: now())
        let action: Store.BurnAction =
            switch version.policy.action {
            case .alert: .alert
            case .rollBack: .rollBack
            case .escalate: .escalate
            }
        let record = version.record
        let standing = try await store.burn(
            version: record.number, of: record.agent, because: reason, action: action,
            isStandIn: roster.lane(record.agent).map { $0.act == 0 && $0.live.number == record.number } ?? false,
            now: now(), announcing: { [webhooks, now] in webhooks.versionBurnt($0, act: $1, at: now()) })
        for index in watched.indices where watched[index].record == record { watched[index].isReported = true }
        // Another process of the same store was first, or a person has decided otherwise meanwhile.
        guard let standing else { return }
        tally.burnt(record.agent)
        logger.error(
            "an agent's version has spent its error budget",
            metadata: [
                "agent": "\(record.agent)", "version": "\(record.number)", "reason": "\(reason)",
                "live": "\(standing.live)", "action": "\(version.policy.action.rawValue)",
            ])
    }
}
