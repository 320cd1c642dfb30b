package import Foundation

/// A local day and time, as people say it.
package struct CalendarMoment: Sendable, Hashable, Comparable {
    package var day: CalendarDay
    package var time: CalendarTime

    package init(day: CalendarDay, time: CalendarTime) {
        self.day = day
        self.time = time
    }

    /// What the clocks in `zone` show at `date`; seconds are cut off.
    package init(_ date: Date, in zone: TimeZone) {
        var calendar = Foundation.Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        guard let day = CalendarDay(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0),
            let time = CalendarTime(minutes: (parts.hour ?? 0) * 60 + (parts.minute ?? 0))
        else { preconditionFailure("a clock shows a day and a time between the years 1 and 9999") }
        self.init(day: day, time: time)
    }

    package static func < (left: CalendarMoment, right: CalendarMoment) -> Bool {
        (left.day, left.time) < (right.day, right.time)
    }
}
