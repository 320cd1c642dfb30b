import Foundation
import Testing

@testable import Campaigns

@Suite("Pacing and retries")
struct PlanningTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("a bucket gives no more than its rate, whatever it is asked, and a clock that is set back gives nothing")
    func bucket() {
        var bucket = TokenBucket(rate: 2)
        var taken = 0
        for tick in 0..<1000 {
            let now = start + Double(tick) * 0.01
            while bucket.available(now) > 0 {
                bucket.take(now)
                taken += 1
            }
        }
        #expect(taken == 20)
        #expect(bucket.available(start - 3600) == 0)
        #expect(bucket.available(start - 3599.9) == 1)
    }

    @Test("a slow bucket gives one call in its time")
    func slow() {
        var bucket = TokenBucket(rate: 0.1)
        #expect(bucket.available(start) == 1)
        bucket.take(start)
        #expect(bucket.available(start + 9.9) == 0)
        #expect(bucket.next(after: start + 9.9) <= start + 10.001)
        #expect(bucket.available(start + 10) == 1)
    }

    @Test("lines open slowly, and a call that is held takes one")
    func ramp() {
        var policy = PacingPolicy()
        policy.concurrency = 10
        policy.callsPerSecond = 100
        policy.ramp = .seconds(100)
        var pacer = Pacer(policy, started: start)
        #expect(pacer.concurrency(start) == 1)
        #expect(pacer.concurrency(start + 50) == 5)
        #expect(pacer.concurrency(start + 1000) == 10)
        #expect(pacer.allowance(start, live: 0) == 1)
        #expect(pacer.allowance(start + 50, live: 3) == 2)
        #expect(pacer.allowance(start + 50, live: 7) == 0)
        #expect(pacer.nextChance(start + 50, live: 5) == start + 60)
        #expect(pacer.nextChance(start + 1000, live: 10) == nil)
    }

    @Test("the breaker opens when half of the last twenty attempts failed, and stays open")
    func breaker() {
        var pacer = Pacer(PacingPolicy(), started: start)
        for number in 0..<19 { pacer.ended(number.isMultiple(of: 2) ? .failed : .noAnswer, at: start) }
        #expect(pacer.tripped == nil)
        pacer.ended(.noAnswer, at: start)
        #expect(pacer.tripped == "10 of the last 20 attempts failed")
        #expect(pacer.allowance(start + 1e6, live: 0) == 0)
        var healthy = Pacer(PacingPolicy(), started: start)
        for _ in 0..<500 { healthy.ended(.busy, at: start) }
        #expect(healthy.tripped == nil)
    }

    @Test("busy is soon, no answer is hours, a refusal is for ever")
    func retries() {
        var campaign = Tables.campaign
        campaign.retries.spread = 0
        func wait(_ outcome: AttemptOutcome, attempts: Int = 1) -> Double? {
            let plan = RetryPlanner.plan(after: outcome, attempts: attempts, at: start, seed: 1, campaign)
            if case .again(let at) = plan { return at.timeIntervalSince(start) }
            return nil
        }
        #expect(wait(.busy) == 1200)
        #expect(wait(.noAnswer) == 14_400)
        #expect(wait(.machine) == 86_400)
        #expect(wait(.screened) == 86_400)
        #expect(wait(.menu) == 86_400)
        #expect(wait(.hungUpEarly) == 86_400)
        #expect(wait(.abandoned) == 259_200)
        #expect(wait(.failed) == 1800)
        #expect(wait(.failed, attempts: 3) == 7200)
        for outcome in [AttemptOutcome.reached, .optedOut, .wrongNumber, .rejected, .messageLeft, .fax] {
            #expect(wait(outcome) == nil)
        }
        #expect(wait(.busy, attempts: 4) == nil)
        campaign.machine = .giveUp
        #expect(wait(.machine) == nil)
    }

    @Test("a promised call comes at its time, after every try, but not to whoever wants none")
    func promises() {
        let later = start + 3600
        func plan(_ outcome: AttemptOutcome, attempts: Int = 1, callback: Date) -> RetryPlanner.Plan {
            RetryPlanner.plan(
                after: outcome, attempts: attempts, callback: callback, at: start, seed: 1, Tables.campaign)
        }
        for outcome in [AttemptOutcome.reached, .hungUpEarly, .busy, .machine] {
            #expect(plan(outcome, callback: later) == .again(at: later))
            #expect(plan(outcome, attempts: 9, callback: later) == .again(at: later))
        }
        for outcome in [AttemptOutcome.optedOut, .wrongNumber, .rejected, .fax] {
            #expect(plan(outcome, callback: later) == .done)
        }
        // It has been kept.
        #expect(plan(.reached, callback: start) == .done)
    }

    @Test("contacts do not all ring at the same time again, and each always at its own")
    func spread() {
        let times = (0..<200).map { RetryPlanner.plan(after: .busy, attempts: 1, at: start, seed: $0, Tables.campaign) }
        let again = (0..<200).map { RetryPlanner.plan(after: .busy, attempts: 1, at: start, seed: $0, Tables.campaign) }
        #expect(times == again)
        let waits = times.compactMap { if case .again(let at) = $0 { at.timeIntervalSince(start) } else { nil } }
        #expect(Set(waits).count > 190)
        #expect(waits.allSatisfy { (1200...1500).contains($0) })
    }

    @Test("numbers to call from take turns, and none is used more often a day than it may")
    func callerIDs() {
        var pool = CallerIDPool(["+12127365001", "+12127365002"], callsPerDay: 3)
        var used: [String] = []
        for call in 0..<10 {
            guard let number = pool.next(start + Double(call)) else { break }
            pool.used(number, start + Double(call))
            used.append(number)
        }
        #expect(
            used == ["+12127365001", "+12127365002", "+12127365001", "+12127365002", "+12127365001", "+12127365002"])
        #expect(pool.next(start + 86_399) == nil)
        #expect(pool.next(start + 86_400.5) != nil)
    }

    @Test("one mishap does not stop a campaign; two in a hundred do not; three do")
    func abandonment() {
        #expect(!AbandonmentRate(answered: 1, abandoned: 1).exceeds(0.025))
        #expect(!AbandonmentRate(answered: 100, abandoned: 2).exceeds(0.025))
        #expect(AbandonmentRate(answered: 100, abandoned: 3).exceeds(0.025))
        #expect(AbandonmentRate(answered: 2, abandoned: 2).exceeds(0.025))
    }

    @Test("who was greeted late counts as who met nobody")
    func lateGreetings() {
        #expect(!AbandonmentRate(answered: 1, late: 1).exceeds(0.025))
        #expect(!AbandonmentRate(answered: 100, abandoned: 1, late: 1).exceeds(0.025))
        #expect(AbandonmentRate(answered: 100, abandoned: 1, late: 2).exceeds(0.025))
        #expect(AbandonmentRate(answered: 100, late: 3).exceeds(0.025))
        #expect(AbandonmentRate(answered: 8, abandoned: 1, late: 1).share == 0.25)
    }

    @Test(
        "hours of the week are written and read",
        arguments: [
            "mon-fri 09:00-17:30, sat 10:00-14:00", "sun 00:00-24:00",
            "mon-thu 09:00-12:00 13:00-17:00 18:30-20:00, fri 09:00-12:00",
        ])
    func weekHours(text: String) throws {
        #expect(try #require(WeekHours(text)).description == text)
    }

    @Test(
        "what are no hours of the week is refused",
        arguments: [
            "", "mon", "mon 9-17", "fri-mon 09:00-17:00", "mon 17:00-09:00", "mon 09:00-25:00",
            "mon 09:00-10:00, mon 11:00-12:00", "mon 09:00-12:00 11:00-13:00", "mon 13:00-17:00 09:00-12:00",
            "mon 09:00-12:00 12:00-17:00", "mon 09:00-12:00 noon",
        ])
    func noWeekHours(text: String) { #expect(WeekHours(text) == nil) }
}
