import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("A target of answered calls")
struct TargetLoadTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func made(target: Int?, lines: Int = 100) -> Pacer {
        var policy = PacingPolicy()
        policy.concurrency = lines
        policy.callsPerSecond = 200
        policy.ramp = .zero
        policy.targetAnswered = target
        var pacer = Pacer(policy, started: start)
        // The bucket fills.
        _ = pacer.allowance(start, live: 0)
        return pacer
    }

    private func seen(_ pacer: Pacer, answered: Int, of attempts: Int) -> Pacer {
        var pacer = pacer
        for index in 0..<attempts { pacer.ended(index < answered ? .reached : .noAnswer, at: start) }
        return pacer
    }

    @Test("the rate of answers begins with everybody, learns, stays within its bounds, and forgets")
    func rate() {
        var rate = AnswerRate()
        #expect(rate.share(at: start) == 1)
        for index in 0..<90 { rate.note(isAnswered: index < 20, at: start) }
        #expect(abs(rate.share(at: start) - 0.3) < 1e-9)
        // (10 + 10) of (10 + 45)
        #expect(abs(rate.share(at: start + AnswerRate.halfLife) - 20.0 / 55) < 1e-9)
        #expect(rate.share(at: start + 86_400) > 0.999)
        #expect(rate.share(at: start - 86_400) == rate.share(at: start))
        for _ in 0..<5000 { rate.note(isAnswered: false, at: start) }
        #expect(rate.share(at: start) == AnswerRate.lowest)
        for _ in 0..<100_000 { rate.note(isAnswered: true, at: start) }
        #expect(rate.share(at: start) <= 1)
    }

    @Test("at first no more calls ring than may be answered; then as many as the answers of late suggest")
    func learns() {
        let now = start + 2
        var fresh = made(target: 5)
        #expect(fresh.allowance(now, Pacer.Load(live: 0)) == 5)
        #expect(fresh.allowance(now, Pacer.Load(live: 3, answered: 1)) == 2)
        // Answers: (20 + 10) of (90 + 10).
        var pacer = seen(made(target: 6), answered: 20, of: 90)
        #expect((19...20).contains(pacer.allowance(now, Pacer.Load(live: 0))))
        #expect((12...13).contains(pacer.allowance(now, Pacer.Load(live: 4, answered: 1))))
        #expect(pacer.allowance(now, Pacer.Load(live: 6, answered: 6)) == 0)
        #expect(pacer.allowance(now, Pacer.Load(live: 9, answered: 9)) == 0)
        #expect(pacer.nextChance(now, Pacer.Load(live: 6, answered: 6)) == nil)
    }

    @Test("never more calls than lines, whatever the target; without one every line is used")
    func lines() {
        var few = seen(made(target: 50, lines: 8), answered: 0, of: 15)
        #expect(few.allowance(start + 2, Pacer.Load(live: 3)) == 5)
        var none = seen(made(target: nil, lines: 8), answered: 0, of: 15)
        #expect(none.allowance(start + 2, Pacer.Load(live: 3, answered: 3)) == 5)
    }

    @Test("the nearer the limit of abandoned calls, the fewer ring at once; at the limit each counts as answered")
    func heldBack() {
        let now = start + 2
        var pacer = seen(made(target: 6), answered: 20, of: 90)
        func load(_ abandoned: Int) -> Pacer.Load {
            Pacer.Load(live: 0, abandonment: AbandonmentRate(answered: 1000, abandoned: abandoned))
        }
        let rooms = [0, 5, 10, 15, 20, 25, 100].map { pacer.allowance(now, load($0)) }
        #expect(rooms == rooms.sorted(by: >))
        #expect(rooms[0] > 3 * rooms[5])
        #expect(rooms[5] == 6)
        #expect(rooms[6] == 6)
    }

    @Test(
        "in a rehearsal more calls are under way than the target, fewer than lines, and somewhat fewer answered than wanted"
    )
    func rehearsed() throws {
        var campaign = Tables.campaign
        campaign.callsPerCallerID = 100_000
        campaign.pacing.concurrency = 60
        campaign.pacing.callsPerSecond = 20
        campaign.pacing.ramp = .zero
        campaign.frequency.attempts = 1
        let contacts = try Tables.contacts(1500)
        func report(target: Int?) throws -> RehearsalReport {
            campaign.pacing.targetAnswered = target
            var rehearsal = Rehearsal(
                campaign, contacts: contacts, rules: try Tables.rules(),
                disclosure: Disclosure(greeting: Tables.greeting, seller: campaign.seller), registryVersion: nil,
                begins: try Tables.date("2026-12-01T15:00:00Z"))
            return rehearsal.run()
        }
        let (free, paced) = (try report(target: nil), try report(target: 8))
        #expect(free.mostCalls == 60)
        #expect(paced.attempts == 1500)
        #expect(paced.unfinished == 0)
        #expect((9..<40).contains(paced.mostCalls))
        // Seconds that somebody was on the line, by seconds in which there were calls: calls at a time.
        let length = try #require(paced.finishes).timeIntervalSince(paced.begins)
        #expect((4.5...8).contains(paced.lineSeconds / length))
    }
}
