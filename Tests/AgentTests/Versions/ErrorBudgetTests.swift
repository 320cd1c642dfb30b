import Agent
import Testing

@Suite("An error budget")
struct ErrorBudgetTests {
    private func budget(_ change: (inout ErrorBudgetPolicy) -> Void = { _ in }) -> ErrorBudget {
        var policy = ErrorBudgetPolicy()
        policy.allowed = 0.2
        policy.minimumCalls = 10
        policy.window = .seconds(3600)
        change(&policy)
        return ErrorBudget(policy)
    }

    /// Notes calls that end a minute apart, the first at 0; the faults of each.
    private func note(_ calls: [[CallFault: Int]], in budget: inout ErrorBudget, from start: Int = 0) {
        for (index, faults) in calls.enumerated() {
            let moment = Duration.seconds(60 * (start + index))
            budget.note(faults, ofCall: "c\(start + index)", endedAt: moment, now: moment)
        }
    }

    private let good: [CallFault: Int] = [:]
    private let bad: [CallFault: Int] = [.toolFailures: 1]

    @Test("is spent by more than the share that may go wrong, and by no less")
    func share() {
        var budget = budget()
        note([bad, good, good, good, good, bad, good, good, good, good], in: &budget)
        var standing = budget.standing(now: .seconds(600))
        #expect(standing == ErrorBudget.Standing(calls: 10, badCalls: 2, spent: 1, isBurnt: false))
        note([bad], in: &budget, from: 10)
        standing = budget.standing(now: .seconds(600))
        #expect(standing.isBurnt && standing.badCalls == 3 && standing.calls == 11)
        #expect(budget.faultyCalls == [.toolFailures: 3])
    }

    @Test("says nothing while there are too few calls, however bad they are")
    func minimum() {
        var budget = budget()
        note(Array(repeating: bad, count: 9), in: &budget)
        var standing = budget.standing(now: .seconds(600))
        #expect(standing == ErrorBudget.Standing(calls: 9, badCalls: 9, spent: 0, isBurnt: false))
        note([good], in: &budget, from: 9)
        standing = budget.standing(now: .seconds(600))
        #expect(standing.isBurnt && standing.spent == 4.5)
    }

    @Test("forgets calls that left the window, exactly when they do")
    func window() {
        var budget = budget { $0.minimumCalls = 2 }
        // Bad at 0, then good ones from minute 55 on: within an hour of each other until minute 60.
        budget.note(bad, ofCall: "old", endedAt: .zero, now: .zero)
        note([good], in: &budget, from: 55)
        var standing = budget.standing(now: .seconds(3599))
        #expect(standing.calls == 2 && standing.badCalls == 1 && standing.isBurnt)
        standing = budget.standing(now: .seconds(3600))
        #expect(standing.calls == 1 && standing.badCalls == 0)
    }

    @Test("stays burnt when the bad calls have left the window: nothing flaps")
    func latched() {
        var budget = budget()
        note(Array(repeating: bad, count: 10), in: &budget)
        note(Array(repeating: good, count: 100), in: &budget, from: 100)
        let standing = budget.standing(now: .seconds(60 * 200))
        #expect(standing.badCalls == 0 && standing.isBurnt)
    }

    @Test("bad calls that never were too many together burn nothing")
    func spread() {
        var budget = budget()
        // One in five for a whole day.
        note((0..<1440).map { $0 % 5 == 4 ? bad : good }, in: &budget)
        let standing = budget.standing(now: .seconds(60 * 1439))
        #expect(!standing.isBurnt && standing.spent <= 1)
    }

    @Test("counts a call once, and makes a good one bad when something becomes known later")
    func later() {
        var budget = budget { $0.counts = [.reviewRejections: 2] }
        note(Array(repeating: bad, count: 10), in: &budget)
        budget.note([.reviewRejections: 2], ofCall: "c3", endedAt: .zero, now: .seconds(600))
        for call in ["c1", "c2", "c3"] { budget.add([.reviewRejections: 1], toCall: call, now: .seconds(600)) }
        budget.add([.reviewRejections: 9], toCall: "of another version", now: .seconds(600))
        var standing = budget.standing(now: .seconds(600))
        #expect(standing.calls == 10 && standing.badCalls == 0)
        for call in ["c1", "c2", "c3"] { budget.add([.reviewRejections: 1], toCall: call, now: .seconds(600)) }
        standing = budget.standing(now: .seconds(600))
        #expect(standing.badCalls == 3 && standing.isBurnt)
    }

    @Test("what is not counted, or happened too seldom on a call, makes no call bad", arguments: CallFault.allCases)
    func counts(fault: CallFault) {
        var policy = ErrorBudgetPolicy()
        let least = policy.counts[fault] ?? 0
        #expect(least > 0 && policy.isBad([fault: least]) && !policy.isBad([fault: least - 1]))
        policy.counts[fault] = nil
        #expect(!policy.isBad([fault: 1000]))
    }

    @Test("keeps ten thousand calls and forgets the oldest beyond")
    func bound() {
        var budget = budget { $0.window = .seconds(3600 * 24 * 365) }
        for index in 0..<10_050 {
            budget.note(
                index < 50 ? bad : good, ofCall: "c\(index)", endedAt: .seconds(index), now: .seconds(index))
        }
        let standing = budget.standing(now: .seconds(10_050))
        #expect(standing.calls == 10_000 && standing.badCalls == 0)
    }
}
