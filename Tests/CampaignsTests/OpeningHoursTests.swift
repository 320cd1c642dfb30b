import Foundation
import Testing

@testable import Campaigns

@Suite("Opening hours")
struct OpeningHoursTests {
    private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    @Test(
        "are read and written as people say them, days that are alike together",
        arguments: [
            ("mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00", "mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00"),
            ("sat 10:00-14:00,mon 09:00-17:00,tue 09:00-17:00", "mon-tue 09:00-17:00, sat 10:00-14:00"),
            ("mon-sun 00:00-24:00", "mon-sun 00:00-24:00"),
        ])
    func texts(given: String, written: String) throws {
        let hours = try #require(OpeningHours(given))
        #expect(hours.description == written)
        #expect(OpeningHours(written) == hours)
    }

    @Test(
        "that make no sense are none",
        arguments: [
            "", "mon", "mon-fri", "fri-mon 09:00-17:00", "mon 17:00-09:00", "mon 09:00-17:00, mon 18:00-19:00",
            "mon 09:00-12:00 12:00-17:00", "mon 13:00-17:00 09:00-12:00", "mon 9:00-17:00", "mon 09:00-24:30",
            "mon 09:00-17:00,", "noday 09:00-17:00",
        ])
    func nonsense(text: String) { #expect(OpeningHours(text) == nil) }

    @Test(
        "are those of the clocks in their zone, with a pause, and with what a span ends at outside of it",
        arguments: [
            // Berlin in winter is an hour ahead of Greenwich; the 30th of November 2026 is a Monday.
            ("2026-11-30T07:59:59Z", false), ("2026-11-30T08:00:00Z", true), ("2026-11-30T10:59:59Z", true),
            ("2026-11-30T11:00:00Z", false), ("2026-11-30T12:00:00Z", true), ("2026-11-30T16:00:00Z", false),
            // A Saturday and a Sunday.
            ("2026-12-05T09:00:00Z", true), ("2026-12-06T09:00:00Z", false),
        ])
    func spans(moment: String, isOpen: Bool) throws {
        let hours = try #require(OpeningHours("mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00"))
        let answer = hours.isOpen(at: try Tables.date(moment), in: try zone("Europe/Berlin"))
        #expect(answer == isOpen)
    }

    @Test(
        "move with the clocks when those are put forward and back",
        arguments: [
            // Put forward on the 29th of March 2026 at 01:00 in Greenwich, a Sunday: 02:00 to 03:00 is left out.
            ("2026-03-28T08:00:00Z", true), ("2026-03-28T07:59:00Z", false), ("2026-03-29T07:00:00Z", true),
            ("2026-03-29T06:59:00Z", false), ("2026-03-29T00:59:00Z", false), ("2026-03-29T01:00:00Z", false),
            // Back on the 25th of October at 01:00: 02:00 to 03:00 comes twice.
            ("2026-10-25T07:59:00Z", false), ("2026-10-25T08:00:00Z", true), ("2026-10-24T07:00:00Z", true),
        ])
    func daylightSaving(moment: String, isOpen: Bool) throws {
        let hours = try #require(OpeningHours("mon-sun 09:00-17:00"))
        let answer = hours.isOpen(at: try Tables.date(moment), in: try zone("Europe/Berlin"))
        #expect(answer == isOpen)
    }

    @Test("an hour that comes twice is open twice, and one that is left out is no time at all")
    func doubledHour() throws {
        let (hours, berlin) = (try #require(OpeningHours("sun 02:00-03:00")), try zone("Europe/Berlin"))
        for moment in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
            let isOpen = hours.isOpen(at: try Tables.date(moment), in: berlin)
            #expect(isOpen, "\(moment)")
        }
        // Every minute of the day on which the hour is left out.
        let start = try Tables.date("2026-03-28T23:00:00Z")
        let open = (0..<23 * 60).filter { hours.isOpen(at: start.addingTimeInterval(Double($0) * 60), in: berlin) }
        #expect(open == [])
    }

    @Test("days that are closed are so once or every year, by the calendar of the place")
    func closedDays() throws {
        let days = try #require(ClosedDays(["2026-12-24", "12-25", "02-29"]))
        let auckland = try zone("Pacific/Auckland")
        for (moment, isClosed) in [
            // Thirteen hours ahead: it is the 24th there.
            ("2026-12-23T11:00:00Z", true), ("2026-12-23T10:59:59Z", false), ("2027-12-23T12:00:00Z", false),
            ("2027-12-24T12:00:00Z", true), ("2028-02-28T12:00:00Z", true),
        ] {
            let answer = days.contains(try Tables.date(moment), in: auckland)
            #expect(answer == isClosed, "\(moment)")
        }
        for text in ["2026-02-30", "13-01", "25.12.", "", "2026"] { #expect(ClosedDays([text]) == nil, "\(text)") }
    }

    @Test("the holidays of regions are those of the table, by the calendar of the place")
    func regions() throws {
        let rules = try Tables.rules(holidays: "2026-10-03,DE,Tag der Deutschen Einheit\n")
        let berlin = try zone("Europe/Berlin")
        let there = rules.holiday(at: try Tables.date("2026-10-02T22:00:00Z"), in: berlin, of: ["FR", "DE"])
        #expect(there == "Tag der Deutschen Einheit")
        let before = rules.holiday(at: try Tables.date("2026-10-02T21:59:59Z"), in: berlin, of: ["DE"])
        #expect(before == nil)
        #expect(rules.hasHolidays(of: "DE"))
        #expect(!rules.hasHolidays(of: "FR"))
    }
}
