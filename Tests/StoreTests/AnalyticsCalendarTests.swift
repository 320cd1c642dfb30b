import Foundation
import Testing

@testable import Store

@Suite("Days and hours of a zone")
struct AnalyticsCalendarTests {
    private func cut(
        _ since: String, _ before: String, _ bucket: AnalyticsCalendar.Bucket, _ zone: String
    ) throws -> AnalyticsCalendar? {
        let format = Date.ISO8601FormatStyle()
        return AnalyticsCalendar(
            since: try format.parse(since), before: try format.parse(before), bucket: bucket,
            zone: try #require(TimeZone(identifier: zone)))
    }

    @Test(
        "days begin when they do there, also where a clock is changed",
        arguments: [
            ("Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-31T00:00:00Z", [11, 23, 24, 2]),
            ("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", [25, 24]),
            ("Asia/Kolkata", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", [18.5, 5.5]),
            ("UTC", "2026-05-01T00:00:00Z", "2026-05-03T00:00:00Z", [24, 24]),
            ("America/Sao_Paulo", "2018-11-03T03:00:00Z", "2018-11-05T02:00:00Z", [24, 23]),
        ])
    func days(zone: String, since: String, before: String, hours: [Double]) throws {
        let calendar = try #require(try cut(since, before, .day, zone))
        let found = calendar.starts.indices.map {
            let span = calendar.span(ofBucket: $0)
            return span.before.timeIntervalSince(span.since) / 3600
        }
        #expect(found == hours)
    }

    @Test("a slot belongs to the bucket it lies in")
    func slots() throws {
        let calendar = try #require(try cut("2026-05-01T18:20:00Z", "2026-05-01T20:00:00Z", .hour, "Asia/Kolkata"))
        let first = Int(calendar.since.timeIntervalSince1970) * 1000 / AnalyticsCalendar.slot
        #expect(calendar.starts.count == 3)
        #expect((0...6).map { calendar.bucket(ofSlot: first + $0) } == [0, 1, 1, 1, 1, 2, 2])
    }

    @Test("what is empty or too much for a chart is none")
    func refused() throws {
        #expect(try cut("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", .day, "UTC") == nil)
        #expect(try cut("2026-05-01T00:00:00Z", "2026-07-01T00:00:00Z", .hour, "UTC") == nil)
        #expect(try cut("0001-01-01T00:00:00Z", "2026-07-01T00:00:00Z", .day, "UTC") == nil)
    }
}
