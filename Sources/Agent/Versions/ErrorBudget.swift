/// How the calls of one version went, over a sliding window: calls in with their time, a standing out.
///
/// A value. Once it is burnt it stays so, whatever comes later: a version that was taken off gets no calls, so it could
/// not prove that it is better by now.
package struct ErrorBudget: Sendable {
    package struct Standing: Sendable, Equatable {
        /// In the window.
        package var calls: Int
        /// Of these, how many went wrong.
        package var badCalls: Int
        /// Of the calls that may go wrong, the share that has, 0...; 1 and more is all of them. 0 while there are too few
        /// calls.
        package var spent: Double
        package var isBurnt: Bool

        package init(calls: Int, badCalls: Int, spent: Double, isBurnt: Bool) {
            self.calls = calls
            self.badCalls = badCalls
            self.spent = spent
            self.isBurnt = isBurnt
        }
    }

    private struct Outcome {
        var callID: String
        /// Since 1970.
        var ended: Duration
        var faults: [CallFault: Int]
        var isBad: Bool
    }

    /// Calls kept; on a busier line the window is shorter than configured.
    package static let mostCalls = 10_000

    package let policy: ErrorBudgetPolicy
    /// In the order they came.
    private var outcomes: [Outcome] = []
    private var known: Set<String> = []
    private var badCalls = 0
    private var isBurnt = false

    package init(_ policy: ErrorBudgetPolicy) { self.policy = policy }

    /// Notes a call that has ended, once. A call that has left the window is ignored.
    ///
    /// - Parameters:
    ///   - faults: how often each happened.
    ///   - ended: since 1970.
    ///   - now: since 1970.
    package mutating func note(
        _ faults: [CallFault: Int], ofCall callID: String, endedAt ended: Duration, now: Duration
    ) {
        keep(faults, ofCall: callID, endedAt: ended, now: now)
        judge(now: now)
    }

    /// Notes calls of the past, as after a restart. They are judged once and together: the first few of them were never
    /// the whole of a window.
    ///
    /// - Parameters:
    ///   - calls: in the order they ended; the moments are since 1970.
    ///   - now: since 1970.
    package mutating func load(_ calls: [(id: String, faults: [CallFault: Int], ended: Duration)], now: Duration) {
        for call in calls { keep(call.faults, ofCall: call.id, endedAt: call.ended, now: now) }
        judge(now: now)
    }

    /// Adds what became known of a call after its end. A call that is not in the window is left alone.
    ///
    /// - Parameter now: since 1970.
    /// - Returns: whether the call is in the window.
    @discardableResult
    package mutating func add(_ faults: [CallFault: Int], toCall callID: String, now: Duration) -> Bool {
        guard known.contains(callID), let index = outcomes.lastIndex(where: { $0.callID == callID }) else {
            return false
        }
        outcomes[index].faults.merge(faults, uniquingKeysWith: +)
        if !outcomes[index].isBad, policy.isBad(outcomes[index].faults) {
            outcomes[index].isBad = true
            badCalls += 1
        }
        judge(now: now)
        return true
    }

    /// How it stands at `now`, since 1970.
    package mutating func standing(now: Duration) -> Standing {
        forget(before: now - policy.window)
        let allowed = policy.allowed * Double(outcomes.count)
        let isKnown = outcomes.count >= policy.minimumCalls
        // Where less than a call may go wrong, one that does is all there is to spend.
        let spent = isKnown ? Double(badCalls) / max(allowed, 1) : 0
        return Standing(calls: outcomes.count, badCalls: badCalls, spent: spent, isBurnt: isBurnt)
    }

    /// How many of the calls in the window each fault was found on, for people to see what it is.
    package var faultyCalls: [CallFault: Int] {
        outcomes.reduce(into: [:]) { sums, outcome in
            for (fault, count) in outcome.faults where count >= policy.counts[fault] ?? .max {
                sums[fault, default: 0] += 1
            }
        }
    }

    private mutating func keep(
        _ faults: [CallFault: Int], ofCall callID: String, endedAt ended: Duration, now: Duration
    ) {
        guard ended > now - policy.window, known.insert(callID).inserted else { return }
        let isBad = policy.isBad(faults)
        outcomes.append(Outcome(callID: callID, ended: ended, faults: faults, isBad: isBad))
        if isBad { badCalls += 1 }
    }

    private mutating func judge(now: Duration) {
        forget(before: now - policy.window)
        guard outcomes.count >= policy.minimumCalls else { return }
        if Double(badCalls) > policy.allowed * Double(outcomes.count) { isBurnt = true }
    }

    private mutating func forget(before moment: Duration) {
        // They end in about the order they come; a call that a slow disk delivered late goes with those behind it.
        let old = max(outcomes.prefix { $0.ended <= moment }.count, outcomes.count - Self.mostCalls)
        guard old > 0 else { return }
        badCalls -= outcomes.prefix(old).count { $0.isBad }
        known.subtract(outcomes.prefix(old).map(\.callID))
        outcomes.removeFirst(old)
    }
}
