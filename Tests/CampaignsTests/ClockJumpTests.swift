import Foundation
import Testing

@testable import Campaigns

@Suite("A clock that is put forward and back")
struct ClockJumpTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("a moment is over when its time has come, and when it is farther ahead than it was ever put")
    func moments() {
        let moment = start + 30
        #expect(!moment.isOver(at: start, chosenWithin: 30))
        #expect(!moment.isOver(at: start + 29, chosenWithin: 30))
        #expect(moment.isOver(at: start + 30, chosenWithin: 30))
        #expect(moment.isOver(at: start + 86_400, chosenWithin: 30))
        // Set back by a second, and by a day.
        #expect(moment.isOver(at: start - 1, chosenWithin: 30))
        #expect(moment.isOver(at: start - 86_400, chosenWithin: 30))
        #expect(Date.distantPast.isOver(at: start, chosenWithin: 30))
    }

    @Test("a permit holds for its ten seconds, and neither after a jump forward nor after one back")
    func permits() throws {
        // Twelve in New York.
        let now = try Tables.date("2026-12-02T17:00:00Z")
        let permit = try #require(Gate.decide(try Tables.facts(), under: try Tables.rules(), at: now).permit)
        #expect(permit.holds(at: now))
        #expect(permit.holds(at: now + 9.9))
        #expect(!permit.holds(at: now + 10))
        #expect(!permit.holds(at: now + 3600))
        #expect(!permit.holds(at: now - 0.1))
        #expect(!permit.holds(at: now - 86_400))
    }

    @Test("whatever the clock does, no more calls are under way than lines, and no more begin than seconds pass")
    func pacer() {
        var policy = PacingPolicy()
        policy.concurrency = 10
        policy.callsPerSecond = 2
        policy.ramp = .seconds(100)
        var pacer = Pacer(policy, started: start)
        var (live, placed, seconds) = (0, 0, 0.0)
        var (now, random) = (start, SplitMix(seed: 5))
        for step in 0..<5000 {
            // Mostly a tenth of a second; now and then an hour to and fro.
            seconds += 0.1
            now += 0.1
            if step % 500 == 250 { now += 3600 }
            if step % 500 == 499 { now -= 3600 }
            let allowed = pacer.allowance(now, live: live)
            #expect(allowed <= max(0, 10 - live))
            for _ in 0..<allowed {
                pacer.placed(now)
                live += 1
                placed += 1
            }
            #expect(live <= 10)
            if live > 0, random.unit() < 0.2 {
                live -= 1
                pacer.ended(.noAnswer, at: now)
            }
        }
        // Two a second, and two more for each of the ten jumps forward, which fill the bucket.
        #expect(Double(placed) <= seconds * 2 + 2 * 10 + 2)
        #expect(placed > 500)
        // To and fro the ramp stays where it was.
        #expect(pacer.concurrency(now + 100) == 10)
    }

    @Test("the ramp that a clock set back by a day begins anew is over after its time")
    func ramp() {
        var policy = PacingPolicy()
        policy.concurrency = 10
        policy.ramp = .seconds(100)
        var pacer = Pacer(policy, started: start)
        _ = pacer.allowance(start + 500, live: 0)
        #expect(pacer.concurrency(start + 500) == 10)
        let back = start - 86_400
        _ = pacer.allowance(back, live: 0)
        #expect(pacer.concurrency(back) == 1)
        #expect(pacer.concurrency(back + 100) == 10)
    }

    @Test("moments that the account's window counts and that lie ahead after a jump back are let go of")
    func window() {
        var window = RateWindow(rate: 2)
        window.take(start)
        window.take(start)
        #expect(window.available(start) == 0)
        #expect(window.available(start - 3600) == 2)
        window.take(start - 3600)
        #expect(window.available(start - 3600) == 1)
        #expect(window.available(start + 3600) == 2)
    }
}
