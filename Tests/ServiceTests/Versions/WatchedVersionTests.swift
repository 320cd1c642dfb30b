import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("A version that is watched")
struct WatchedVersionTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func version(allowed: Double, minimum: Int) -> WatchedVersion {
        var policy = ErrorBudgetPolicy()
        (policy.allowed, policy.minimumCalls) = (allowed, minimum)
        return WatchedVersion(
            AgentVersionRecord(
                agent: "sdr", number: 1, hash: "a", file: "sdr.yaml", publishedAt: start, publishedBy: "ann",
                budgetSince: start), policy: policy)
    }

    private func review(_ id: Int, of call: String, after seconds: Double) -> RejectedReview {
        RejectedReview(id: id, callID: call, agent: "sdr", agentVersion: "a", decidedAt: start + seconds)
    }

    @Test("a restart judges the calls of the window together, not the first few of them")
    func restart() {
        var version = version(allowed: 0.2, minimum: 10)
        let outcomes = (0..<30).map { index in
            CallOutcome(
                callID: "c\(index)", endedAt: start + Double(60 * index), faults: index < 4 ? ["tool_failures": 1] : [:]
            )
        }
        version.load(outcomes, rejected: [], now: start + 1800)
        let standing = version.standing(now: start + 1800)
        #expect(standing == ErrorBudget.Standing(calls: 30, badCalls: 4, spent: 4 / 6, isBurnt: false))
    }

    @Test("a restart finds out what is spent, rejected reviews among it, and counts each once")
    func spent() {
        var version = version(allowed: 0.2, minimum: 10)
        let outcomes = (0..<10).map { index in
            CallOutcome(callID: "c\(index)", endedAt: start + 60, faults: index < 2 ? ["tool_failures": 1] : [:])
        }
        let late = review(1, of: "c5", after: 90)
        version.load(outcomes, rejected: [late], now: start + 100)
        version.add(late, now: start + 100)
        let standing = version.standing(now: start + 100)
        #expect(standing.badCalls == 3 && standing.isBurnt)
        #expect(version.faultyCalls == [.toolFailures: 2, .reviewRejections: 1])
    }

    @Test("a no that comes during the call counts when the call ends, once")
    func early() {
        var version = version(allowed: 0, minimum: 1)
        let review = review(1, of: "c1", after: 5)
        version.add(review, now: start + 6)
        version.add(review, now: start + 7)
        version.note([:], ofCall: "c2", began: start, ended: start + 8, now: start + 8)
        var standing = version.standing(now: start + 8)
        #expect(standing.badCalls == 0 && !standing.isBurnt)
        version.note([:], ofCall: "c1", began: start, ended: start + 9, now: start + 9)
        version.add(review, now: start + 10)
        standing = version.standing(now: start + 10)
        #expect(standing.badCalls == 1 && standing.isBurnt)
        #expect(version.faultyCalls == [.reviewRejections: 1])
    }
}
