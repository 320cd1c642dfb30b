import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("Promised calls")
struct CallbackPlannerTests {
    private func plan(
        _ number: String, _ day: String, _ minute: Int, zone: String? = nil, now: String = "2026-12-01T17:00:00Z"
    ) throws -> CallbackPlanner.Answer {
        let zone = zone.flatMap(TimeZone.init(identifier:))
        return CallbackPlanner.plan(
            day: try #require(CalendarDay(day)), minute: minute, zone: zone,
            place: CalleePlace(e164: number, country: "US", state: "", timeZone: zone, zones: try Tables.zones()),
            campaign: Tables.campaign, rules: try Tables.rules(), now: try Tables.date(now))
    }

    private func moment(_ answer: CallbackPlanner.Answer) -> Date? {
        if case .at(let moment, _) = answer { moment } else { nil }
    }

    @Test("ten o'clock is ten where the person is")
    func zones() throws {
        #expect(moment(try plan("+12127365000", "2026-12-02", 600)) == (try Tables.date("2026-12-02T15:00:00Z")))
        #expect(moment(try plan("+14157365000", "2026-12-02", 600)) == (try Tables.date("2026-12-02T18:00:00Z")))
        // In Idaho it may be either of two; it is ten in both only at the later one.
        #expect(moment(try plan("+12083425000", "2026-12-02", 600)) == (try Tables.date("2026-12-02T18:00:00Z")))
        // The address tells which.
        #expect(
            moment(try plan("+12083425000", "2026-12-02", 660, zone: "America/Boise"))
                == (try Tables.date("2026-12-02T18:00:00Z")))
        // Summer time begins that night.
        #expect(
            moment(try plan("+12127365000", "2027-03-15", 600, now: "2027-03-13T17:00:00Z"))
                == (try Tables.date("2027-03-15T14:00:00Z")))
    }

    @Test("what cannot be promised is not, and what could be is told")
    func refusals() throws {
        func next(_ answer: CallbackPlanner.Answer) -> String? {
            if case .notThen(_, let next) = answer { next } else { "promised" }
        }
        #expect(next(try plan("+12127365000", "2026-12-02", 1380)) == "2026-12-03 09:00")
        // No calls on Sundays in this campaign.
        #expect(next(try plan("+12127365000", "2026-12-06", 600)) == "2026-12-07 09:00")
        #expect(next(try plan("+12127365000", "2026-11-30", 600)) == nil)
        #expect(next(try plan("+12127365000", "2027-12-02", 600)) == nil)
        #expect(next(try plan("+18005550199", "2026-12-02", 600)) == nil)
    }
}
