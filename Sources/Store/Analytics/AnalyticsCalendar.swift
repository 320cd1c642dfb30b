package import Foundation

/// A span of time cut into the days or hours of a zone. A value.
package struct AnalyticsCalendar: Sendable, Equatable {
    package enum Bucket: String, Sendable, Codable, CaseIterable {
        case day, hour
    }

    /// What rows are grouped by before they are added up to buckets, in milliseconds: every zone of today is so many quarters of
    /// an hour away from UTC.
    static let slot = 900_000
    /// As many buckets as a chart can show.
    package static let longest = 800

    package let since: Date
    package let before: Date
    /// Where buckets begin; the first one at `since` or before it.
    package let starts: [Date]

    /// - Returns: nil for a span that is empty or has more than ``longest`` buckets.
    package init?(since: Date, before: Date, bucket: Bucket, zone: TimeZone) {
        guard since < before else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let unit: Calendar.Component = bucket == .day ? .day : .hour
        guard let first = calendar.dateInterval(of: unit, for: since)?.start else { return nil }
        var starts = [first]
        while let next = Self.next(after: starts[starts.count - 1], unit, calendar), next < before {
            starts.append(next)
            guard starts.count <= Self.longest else { return nil }
        }
        self.since = since
        self.before = before
        self.starts = starts
    }

    /// A day of 23 or 25 hours is one day; of an hour that comes twice there are two.
    private static func next(after start: Date, _ unit: Calendar.Component, _ calendar: Calendar) -> Date? {
        guard unit == .day else { return start + 3600 }
        // From its middle, so that neither a day without midnight nor one of 25 hours is come back to.
        return calendar.dateInterval(of: .day, for: start + 36 * 3600).map(\.start)
            .map { $0 > start ? $0 : start + 86_400 }
    }

    /// The bucket that a slot belongs to.
    func bucket(ofSlot slot: Int) -> Int {
        let moment = Date(storedMilliseconds: slot * Self.slot)
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// What of a bucket lies in the span.
    func span(ofBucket index: Int) -> (since: Date, before: Date) {
        (max(starts[index], since), index + 1 < starts.count ? min(starts[index + 1], before) : before)
    }
}
