import Agent
import Foundation
import Store

/// A version that takes calls, and how they go. A value.
struct WatchedVersion: Sendable {
    let record: AgentVersionRecord
    private var budget: ErrorBudget
    /// Rejected reviews that are counted already.
    private var reviews: Set<Int> = []
    /// Whether somebody has been told that its budget is spent.
    var isReported: Bool

    init(_ record: AgentVersionRecord, policy: ErrorBudgetPolicy) {
        self.record = record
        budget = ErrorBudget(policy)
        isReported = record.burntAt != nil
    }

    /// As ``init(_:policy:)``, with all that the store knows of its calls.
    init(_ record: AgentVersionRecord, policy: ErrorBudgetPolicy, store: Store, now: Date) async throws(StoreError) {
        self.init(record, policy: policy)
        let begin = max(record.budgetSince, now.addingTimeInterval(-(policy.window / .seconds(1))))
        for outcome in try await store.outcomes(
            ofVersion: record.hash, of: record.agent, began: record.budgetSince, ended: begin,
            limit: ErrorBudget.mostCalls)
        {
            note(
                outcome.faults.callFaults, ofCall: outcome.callID, began: record.budgetSince, ended: outcome.endedAt,
                now: now)
        }
        for review in try await store.rejectedReviews(since: begin) { add(review, now: now) }
    }

    var policy: ErrorBudgetPolicy { budget.policy }
    var faultyCalls: [CallFault: Int] { budget.faultyCalls }

    func isOf(_ agent: String, hash: String) -> Bool { record.agent == agent && record.hash == hash }

    mutating func note(_ faults: [CallFault: Int], ofCall id: String, began: Date, ended: Date, now: Date) {
        // The store keeps milliseconds.
        guard began.timeIntervalSince(record.budgetSince) > -0.001 else { return }
        budget.note(faults, ofCall: id, endedAt: ended.sinceEpoch, now: now.sinceEpoch)
    }

    mutating func add(_ review: RejectedReview, now: Date) {
        guard isOf(review.agent, hash: review.agentVersion), reviews.insert(review.id).inserted else { return }
        budget.add([.reviewRejections: 1], toCall: review.callID, now: now.sinceEpoch)
    }

    mutating func standing(now: Date) -> ErrorBudget.Standing { budget.standing(now: now.sinceEpoch) }

    /// Why its budget is spent, for people: `6 of 20 calls went wrong, 0.1 may: 4 reasks, 2 dead_air`.
    mutating func reason(now: Date) -> String {
        let standing = standing(now: now)
        let faults = faultyCalls.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.key.rawValue) on \($0.value)" }.joined(separator: ", ")
        return
            "\(standing.badCalls) of \(standing.calls) calls went wrong (\(faults)), and a share of \(policy.allowed) may"
    }
}

extension Date {
    /// Since 1970.
    var sinceEpoch: Duration { .milliseconds(Int64((timeIntervalSince1970 * 1000).rounded())) }
}
