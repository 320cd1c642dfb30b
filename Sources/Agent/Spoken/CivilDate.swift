/// A day of the Gregorian calendar, without time or zone.
package struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let dayNumber: Int

    package init(dayNumber: Int) {
        self.dayNumber = dayNumber
    }

    /// Nil when there is no such day (31 April, 29 February of a common year).
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...Self.length(ofMonth: month, year: year)).contains(day) else { return nil }
        // Days from civil, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        dayNumber = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `2026-12-01`.
    package init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package var year: Int { parts.year }
    /// 1...12.
    package var month: Int { parts.month }
    /// 1...31.
    package var day: Int { parts.day }

    /// Monday is 0, Sunday is 6.
    package var weekday: Int {
        let shifted = (dayNumber + 3) % 7  // 1970-01-01 was a Thursday
        return shifted < 0 ? shifted + 7 : shifted
    }

    package func adding(days: Int) -> CivilDate { CivilDate(dayNumber: dayNumber + days) }

    /// The same day of a later month, or the last one of a month that is too short.
    package func adding(months: Int) -> CivilDate {
        let index = year * 12 + month - 1 + months
        let (newYear, newMonth) = (index / 12, index % 12 + 1)
        let newDay = min(day, Self.length(ofMonth: newMonth, year: newYear))
        return CivilDate(year: newYear, month: newMonth, day: newDay) ?? self
    }

    /// The next day that falls on `weekday`, strictly after this one.
    package func next(weekday: Int) -> CivilDate {
        let distance = (weekday - self.weekday + 6) % 7 + 1
        return adding(days: distance)
    }

    /// `weekday` of the Monday-to-Sunday week that follows the one this day is in.
    package func inNextWeek(weekday: Int) -> CivilDate {
        adding(days: 7 - self.weekday + weekday)
    }

    package static func < (a: Self, b: Self) -> Bool { a.dayNumber < b.dayNumber }

    /// `2026-12-01`.
    package var description: String {
        let (year, month, day) = parts
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private var parts: (year: Int, month: Int, day: Int) {
        let z = dayNumber + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
