import Agent
import Foundation
import Store

/// A version that takes calls, and how they go. A value.
struct WatchedVersion: Sendable {
    let record: AgentVersionRecord
    private var budget: ErrorBudget
    /// Rejected reviews that are counted already, or wait in ``early``.
    private var reviews: Set<Int> = []
    /// Rejected before their calls came here, the earliest decision first; the oldest of too many are dropped.
    private var early: [RejectedReview] = []
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
        let outcomes = try await store.outcomes(
            ofVersion: record.hash, of: record.agent, began: record.budgetSince, ended: begin,
            limit: ErrorBudget.mostCalls)
        load(outcomes, rejected: try await store.rejectedReviews(since: begin), now: now)
    }

    /// Begins with what the store knows: judged as it stands at this moment, not as any part of it may have stood.
    mutating func load(_ outcomes: [CallOutcome], rejected: [RejectedReview], now: Date) {
        // Calls that this budget does not know yet keep theirs until they end.
        for review in rejected { add(review, now: now) }
        let calls = outcomes.map { outcome in
            (
                id: outcome.callID, faults: takeEarly(addingTo: outcome.faults.callFaults, ofCall: outcome.callID),
                ended: outcome.endedAt.sinceEpoch
            )
        }
        budget.load(calls, now: now.sinceEpoch)
    }

    var policy: ErrorBudgetPolicy { budget.policy }
    var faultyCalls: [CallFault: Int] { budget.faultyCalls }

    func isOf(_ agent: String, hash: String) -> Bool { record.agent == agent && record.hash == hash }

    mutating func note(_ faults: [CallFault: Int], ofCall id: String, began: Date, ended: Date, now: Date) {
        let faults = takeEarly(addingTo: faults, ofCall: id)
        // The store keeps milliseconds.
        guard began.timeIntervalSince(record.budgetSince) > -0.001 else { return }
        budget.note(faults, ofCall: id, endedAt: ended.sinceEpoch, now: now.sinceEpoch)
    }

    mutating func add(_ review: RejectedReview, now: Date) {
        guard isOf(review.agent, hash: review.agentVersion), reviews.insert(review.id).inserted else { return }
        if budget.add([.reviewRejections: 1], toCall: review.callID, now: now.sinceEpoch) { return }
        // Decided during its call, which is counted when it ends.
        if early.count == ErrorBudget.mostCalls { early.removeFirst() }
        early.append(review)
    }

    private mutating func takeEarly(addingTo faults: [CallFault: Int], ofCall id: String) -> [CallFault: Int] {
        let count = early.count { $0.callID == id }
        guard count > 0 else { return faults }
        early.removeAll { $0.callID == id }
        return faults.merging([.reviewRejections: count], uniquingKeysWith: +)
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
