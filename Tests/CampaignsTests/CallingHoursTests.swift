import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("Calling hours")
struct CallingHoursTests {
    private func hours(
        _ number: String, state: String = "", timeZone: String? = nil, campaign: String = "mon-sun 00:00-24:00",
        rules: CallingRules? = nil
    ) throws -> CallingHours {
        var definition = Tables.campaign
        definition.hours = try #require(WeekHours(campaign))
        let place = CalleePlace(
            e164: number, country: try PhoneNumber(number, country: "US").country, state: state,
            timeZone: timeZone.flatMap(TimeZone.init(identifier:)), zones: try Tables.zones())
        return CallingHours(definition, at: place, under: try rules ?? Tables.rules())
    }

    @Test(
        "are the callee's, and the strictest of all places the callee may be in",
        arguments: [
            // New York, a Wednesday in winter: 08:00 is 13:00 in Greenwich.
            ("+12127365000", "2026-12-02T12:59:00Z", false), ("+12127365000", "2026-12-02T13:00:00Z", true),
            ("+12127365000", "2026-12-03T00:59:00Z", true), ("+12127365000", "2026-12-03T01:00:00Z", false),
            // In summer an hour earlier.
            ("+12127365000", "2026-07-01T12:00:00Z", true), ("+12127365000", "2026-07-01T11:59:00Z", false),
            // Idaho: Mountain and Pacific. Both must be within.
            ("+12083425000", "2026-12-02T15:30:00Z", false), ("+12083425000", "2026-12-02T16:00:00Z", true),
            ("+12083425000", "2026-12-03T02:59:00Z", true), ("+12083425000", "2026-12-03T03:00:00Z", false),
            // Florida's panhandle: Central and Eastern.
            ("+18502345678", "2026-12-02T13:30:00Z", false), ("+18502345678", "2026-12-02T14:00:00Z", true),
            // Kentucky begins at ten, in two zones.
            ("+12702345678", "2026-12-02T15:30:00Z", false), ("+12702345678", "2026-12-02T16:00:00Z", true),
            // Alabama: not on Sundays, not on holidays. Thanksgiving is the 26th of November.
            ("+12052345678", "2026-11-29T18:00:00Z", false), ("+12052345678", "2026-11-26T18:00:00Z", false),
            ("+12052345678", "2026-11-27T18:00:00Z", true),
        ])
    func open(number: String, at moment: String, isOpen: Bool) throws {
        let objection = try hours(number).objection(at: try Tables.date(moment))
        #expect((objection == nil) == isOpen, "\(objection ?? "open")")
    }

    @Test("an address adds to the number's candidates and never replaces them")
    func address() throws {
        // A New York number of somebody who lives in California.
        let hours = try hours("+12127365000", state: "CA")
        #expect(hours.objection(at: try Tables.date("2026-12-02T14:00:00Z")) != nil)
        #expect(hours.objection(at: try Tables.date("2026-12-02T16:00:00Z")) == nil)
        #expect(hours.objection(at: try Tables.date("2026-12-03T01:30:00Z")) != nil)
    }

    @Test("the next opening is found over nights, Sundays and the change of clocks")
    func nextOpening() throws {
        let campaign = "mon-sat 09:00-17:00"
        let newYork = try hours("+12127365000", campaign: campaign)
        let cases = [
            ("2026-12-02T22:00:00Z", "2026-12-03T14:00:00Z"), ("2026-12-05T23:00:00Z", "2026-12-07T14:00:00Z"),
            ("2026-12-02T15:00:00Z", "2026-12-02T15:00:00Z"),
            // Clocks go forward on the 14th of March 2027, a Sunday.
            ("2027-03-13T23:00:00Z", "2027-03-15T13:00:00Z"),
        ]
        for (from, expected) in cases {
            #expect(newYork.nextOpening(from: try Tables.date(from)) == (try Tables.date(expected)))
        }
        // Between Adak and Florida's hours nothing may be left.
        let nowhere = try hours("+12127365000", state: "HI", campaign: "mon-sun 09:00-11:00")
        #expect(nowhere.nextOpening(from: try Tables.date("2026-12-02T15:00:00Z")) == nil)
    }

    @Test("a day may have several spans; between them nobody is called, and the next one is an opening")
    func spans() throws {
        // New York, a Wednesday in winter: five hours behind Greenwich. Before eight the law forbids it.
        let hours = try hours("+12127365000", campaign: "mon-fri 07:00-12:00 13:30-17:00")
        let cases = [
            ("2026-12-02T12:30:00Z", false), ("2026-12-02T13:00:00Z", true), ("2026-12-02T16:59:00Z", true),
            ("2026-12-02T17:00:00Z", false), ("2026-12-02T18:29:00Z", false), ("2026-12-02T18:30:00Z", true),
            ("2026-12-02T22:00:00Z", false),
        ]
        for (moment, isOpen) in cases {
            #expect((hours.objection(at: try Tables.date(moment)) == nil) == isOpen, "\(moment)")
        }
        let noon = try Tables.date("2026-12-02T17:15:00Z")
        #expect(hours.nextOpening(from: noon) == (try Tables.date("2026-12-02T18:30:00Z")))
        #expect(hours.objection(at: noon)?.hasSuffix("calls are from 08:00 to 12:00 and from 13:30 to 17:00") == true)
        // In the evening the next one is of the next day.
        let evening = try Tables.date("2026-12-02T22:15:00Z")
        #expect(hours.nextOpening(from: evening) == (try Tables.date("2026-12-03T13:00:00Z")))
    }

    @Test("a campaign's holidays close a day or give it hours of its own, where the callee is, within the law's")
    func holidays() throws {
        var definition = Tables.campaign
        definition.hours = try #require(WeekHours("mon-fri 09:00-18:00"))
        let holidays: CampaignHolidays = try #require(
            CampaignHolidays("2026-12-25, 2026-12-24 10:00-12:00, 2026-12-26 06:00-11:00"))
        definition.holidays = holidays
        let place = CalleePlace(
            e164: "+12127365000", country: "US", state: "", timeZone: nil, zones: try Tables.zones())
        let hours = CallingHours(definition, at: place, under: try Tables.rules())
        let cases = [
            ("2026-12-23T16:30:00Z", true), ("2026-12-24T14:30:00Z", false), ("2026-12-24T15:30:00Z", true),
            ("2026-12-24T17:30:00Z", false), ("2026-12-25T16:00:00Z", false),
            // A Saturday that is open for once, from eight on as the law wants it.
            ("2026-12-26T12:30:00Z", false), ("2026-12-26T13:30:00Z", true), ("2026-12-26T16:30:00Z", false),
        ]
        for (moment, isOpen) in cases {
            #expect((hours.objection(at: try Tables.date(moment)) == nil) == isOpen, "\(moment)")
        }
        let closed = try #require(hours.objection(at: try Tables.date("2026-12-25T16:00:00Z")))
        #expect(closed.contains("`holidays`"))
        #expect(
            hours.nextOpening(from: try Tables.date("2026-12-24T17:30:00Z"))
                == (try Tables.date("2026-12-26T13:00:00Z")))
    }

    @Test("after the last holiday of the table nobody is called where the rules close on holidays; others are")
    func endOfHolidays() throws {
        let rules = try Tables.rules(holidays: "2026-12-25,US,Christmas Day\n")
        let alabama = try hours("+12052345678", rules: rules)
        let newYork = try hours("+12127365000", rules: rules)
        #expect(alabama.objection(at: try Tables.date("2026-12-24T18:00:00Z")) == nil)
        let monday = try Tables.date("2026-12-28T18:00:00Z")
        let objection = try #require(alabama.objection(at: monday))
        #expect(objection.contains("the rules of US-AL allow no calls, ends on 2026-12-25"), "\(objection)")
        #expect(alabama.nextOpening(from: monday) == nil)
        #expect(alabama.waitsForHolidays(from: monday))
        #expect(newYork.objection(at: monday) == nil)
        #expect(!newYork.waitsForHolidays(from: monday))
        // As long as its own days go where its country has none; without any it is never open.
        let own = try hours("+12052345678", rules: try Tables.rules(holidays: "2026-12-25,US-AL,Christmas Day\n"))
        #expect(own.objection(at: try Tables.date("2026-12-24T18:00:00Z")) == nil && own.objection(at: monday) != nil)
        let none = try hours("+12052345678", rules: try Tables.rules(holidays: "2026-12-25,DE,Weihnachten\n"))
        #expect(
            none.objection(at: try Tables.date("2026-12-24T18:00:00Z"))?.hasPrefix(
                "the table has no holidays of US-AL") == true)
    }

    @Test("until when holidays are known is told of the regions that close on them, now or by a row to come")
    func knownHolidays() throws {
        let rules = try Tables.rules(
            hours: """
                US,mon-sun,08:00,20:00,open,,test,2020-01-01
                US-AL,mon-sat,08:00,20:00,closed,,test,2020-01-01
                US-FL,mon-sat,08:00,20:00,closed,,test,2020-01-01
                US-FL,mon-sat,08:00,20:00,open,,test,2025-01-01
                US-GA,mon-sat,08:00,20:00,open,,test,2020-01-01
                US-GA,mon-sat,08:00,20:00,closed,,test,2027-01-01
                DE,mon-fri,09:00,18:00,closed,,test,2020-01-01

                """, holidays: "2026-12-25,US,Christmas Day\n2026-11-26,US,Thanksgiving Day\n")
        let christmas = try #require(CalendarDay("2026-12-25"))
        #expect(
            rules.knownHolidays(at: try Tables.date("2026-12-02T12:00:00Z")) == [
                KnownHolidays(region: "DE", lastDay: nil), KnownHolidays(region: "US-AL", lastDay: christmas),
                KnownHolidays(region: "US-GA", lastDay: christmas),
            ])
    }

    @Test("holidays are written and read, stored too; what are none is refused")
    func holidayTexts() throws {
        let text = "2026-12-25, 2026-12-31 10:00-12:00 13:00-14:00"
        let holidays = try #require(CampaignHolidays(text))
        #expect(holidays.description == text)
        var definition = Tables.campaign
        definition.holidays = holidays
        let stored = try JSONEncoder().encode(definition)
        #expect(try JSONDecoder().decode(CampaignDefinition.self, from: stored) == definition)
        for wrong in ["", "christmas", "2026-02-30", "2026-12-25, 2026-12-25", "2026-12-31 14:00-10:00"] {
            #expect(CampaignHolidays(wrong) == nil, "\(wrong)")
        }
    }

    @Test("a time that the change to summer time leaves out is an opening after the gap")
    func gap() throws {
        let rules = try Tables.rules(hours: "US,mon-sun,00:00,24:00,open,,test,2020-01-01\n")
        let hours = try hours("+12127365000", campaign: "mon-sun 02:30-05:00", rules: rules)
        // 2027-03-14: from 02:00 EST to 03:00 EDT, which is 07:00 in Greenwich.
        let opening = try #require(hours.nextOpening(from: try Tables.date("2027-03-14T06:00:00Z")))
        #expect(opening >= (try Tables.date("2027-03-14T07:00:00Z")))
        #expect(opening <= (try Tables.date("2027-03-14T07:30:00Z")))
        #expect(hours.objection(at: opening) == nil)
        #expect(hours.objection(at: try Tables.date("2027-03-14T06:59:00Z")) != nil)
    }

    @Test("an hour that comes twice in autumn is judged by the clock on the wall both times")
    func twice() throws {
        let rules = try Tables.rules(hours: "US,mon-sun,00:00,24:00,open,,test,2020-01-01\n")
        let hours = try hours("+12127365000", campaign: "mon-sun 01:15-01:45", rules: rules)
        // 2026-11-01: 01:30 EDT is 05:30 in Greenwich, 01:30 EST is 06:30.
        #expect(hours.objection(at: try Tables.date("2026-11-01T05:30:00Z")) == nil)
        #expect(hours.objection(at: try Tables.date("2026-11-01T06:30:00Z")) == nil)
        #expect(hours.objection(at: try Tables.date("2026-11-01T06:00:00Z")) != nil)
    }

    @Test("a newer date replaces a region's rows as a whole from that day on")
    func effective() throws {
        let rules = try Tables.rules(
            hours: """
                US,mon-sun,08:00,21:00,open,,old,2020-01-01
                US,mon-fri,10:00,18:00,open,2,new,2027-01-01

                """)
        let hours = try hours("+12127365000", rules: rules)
        #expect(hours.objection(at: try Tables.date("2026-12-31T14:00:00Z")) == nil)
        #expect(hours.objection(at: try Tables.date("2027-01-04T14:00:00Z")) != nil)
        #expect(hours.objection(at: try Tables.date("2027-01-02T17:00:00Z")) != nil)
        #expect(hours.attemptsPerDay(at: try Tables.date("2026-12-31T14:00:00Z")) == nil)
        #expect(hours.attemptsPerDay(at: try Tables.date("2027-01-04T17:00:00Z")) == 2)
    }

    @Test(
        "a table with a fault is refused with its line",
        arguments: [
            ("US,someday,08:00,20:00,open,,x,2020-01-01\n", "`weekdays` is `someday`"),
            ("US,mon-sun,20:00,08:00,open,,x,2020-01-01\n", "`opens` is `20:00`"),
            ("US,mon-sun,08:00,20:00,maybe,,x,2020-01-01\n", "`holidays` is `maybe`"),
            ("US,mon-sun,08:00,20:00,open,0,x,2020-01-01\n", "`attempts_per_day` is `0`"),
            ("US,mon-sun,08:00,20:00,open,,x,2020-02-30\n", "`effective_from` is `2020-02-30`"),
            ("US,mon-sun\n", "has 2 fields"),
        ])
    func badTable(row: String, reason: String) throws {
        let error = #expect(throws: CampaignError.self) { try Tables.rules(hours: row) }
        #expect(error?.description.contains("calling-hours.csv:2") == true)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}
