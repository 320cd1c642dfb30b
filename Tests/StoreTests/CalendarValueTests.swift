import Foundation
import Testing

@testable import Store

@Suite("Days and times")
struct CalendarValueTests {
    @Test(
        "a day is read and written as YYYY-MM-DD",
        arguments: ["2026-11-24", "2028-02-29", "0001-01-01", "9999-12-31"])
    func days(text: String) { #expect(CalendarDay(text)?.description == text) }

    @Test(
        "what is no day is refused",
        arguments: [
            "", "2026-11-31", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "26-11-24", "2026-1-24",
            "2026-11-24 ", "+026-11-24", "2026/11/24", "2026-11-24-01", "٢٠٢٦-11-24",
        ])
    func noDays(text: String) { #expect(CalendarDay(text) == nil) }

    @Test(
        "weekdays are right",
        arguments: zip(
            ["2026-11-23", "2026-11-24", "2026-11-29", "2000-02-29", "1970-01-01"],
            [CalendarDay.Weekday.monday, .tuesday, .sunday, .tuesday, .thursday]))
    func weekdays(text: String, weekday: CalendarDay.Weekday) throws {
        #expect(try #require(CalendarDay(text)).weekday == weekday)
    }

    @Test(
        "days add up over months, years and daylight saving",
        arguments: [
            ("2026-10-24", 2, "2026-10-26"), ("2026-12-31", 1, "2027-01-01"), ("2028-03-01", -1, "2028-02-29"),
        ])
    func adding(from: String, days: Int, to: String) throws {
        #expect(try #require(CalendarDay(from)).adding(days: days).description == to)
    }

    @Test("a time is read and written as HH:MM", arguments: ["00:00", "09:05", "23:59"])
    func times(text: String) { #expect(CalendarTime(text)?.description == text) }

    @Test(
        "what is no time is refused", arguments: ["", "24:00", "10:60", "9:00", "09:0", "09:00:00", "+9:00", "ab:cd"])
    func noTimes(text: String) { #expect(CalendarTime(text) == nil) }

    @Test("one moment is another day elsewhere")
    func zones() throws {
        let date = Date(timeIntervalSince1970: 1_790_294_400)  // 2026-09-25 00:00:00 UTC
        #expect(CalendarMoment(date, in: .gmt).day.description == "2026-09-25")
        let newYork = CalendarMoment(date, in: try #require(TimeZone(identifier: "America/New_York")))
        #expect(newYork.day.description == "2026-09-24")
        #expect(newYork.time.description == "20:00")
    }

    @Test("days and times are plain strings in JSON, and wrong ones are refused there too")
    func json() throws {
        let slot = AppointmentSlot(
            doctor: "Lee", day: try #require(CalendarDay("2026-11-24")), time: try #require(CalendarTime("10:30")),
            minutes: 30)
        let text = try StoredJSON.text(slot)
        #expect(text == #"{"day":"2026-11-24","doctor":"Lee","minutes":30,"time":"10:30"}"#)
        #expect(try StoredJSON.value(text) == slot)
        #expect(throws: DecodingError.self) {
            try StoredJSON.value(text.replacingOccurrences(of: "10:30", with: "25:30")) as AppointmentSlot
        }
        #expect(throws: DecodingError.self) {
            try StoredJSON.value(text.replacingOccurrences(of: "11-24", with: "02-30")) as AppointmentSlot
        }
    }
}
