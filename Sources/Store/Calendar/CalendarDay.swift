import Foundation

/// A day of the Gregorian calendar, written `YYYY-MM-DD`. It has no zone: the calendar it is used with has.
package struct CalendarDay: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// Monday first, as ISO 8601 counts.
    package enum Weekday: Int, Sendable, Codable, CaseIterable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday
    }

    private static let gregorian: Foundation.Calendar = {
        var calendar = Foundation.Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    package let year: Int
    package let month: Int
    package let day: Int

    /// - Returns: `nil` for a day that does not exist.
    package init?(year: Int, month: Int, day: Int) {
        let components = DateComponents(year: year, month: month, day: day)
        guard (1...9999).contains(year), components.isValidDate(in: Self.gregorian) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `YYYY-MM-DD`, digits only, and nothing else.
    package init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private init(gmt date: Date) {
        let components = Self.gregorian.dateComponents([.year, .month, .day], from: date)
        year = components.year ?? 1
        month = components.month ?? 1
        day = components.day ?? 1
    }

    private var gmtDate: Date {
        // Always there: the initializers admit only days that exist.
        Self.gregorian.date(from: DateComponents(year: year, month: month, day: day)) ?? .distantPast
    }

    package var weekday: Weekday {
        // Foundation counts from Sunday = 1.
        let sundayFirst = Self.gregorian.component(.weekday, from: gmtDate)
        return Weekday(rawValue: sundayFirst == 1 ? 7 : sundayFirst - 1) ?? .monday
    }

    package func adding(days: Int) -> CalendarDay {
        CalendarDay(gmt: Self.gregorian.date(byAdding: .day, value: days, to: gmtDate) ?? gmtDate)
    }

    package var description: String { String(format: "%04d-%02d-%02d", year, month, day) }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

extension CalendarDay: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let day = CalendarDay(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a day of the form YYYY-MM-DD")
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension CalendarDay {
    /// Days since the first of January 1970.
    package var epochDay: Int { Int((gmtDate.timeIntervalSince1970 / 86_400).rounded()) }

    package init(epochDay: Int) { self.init(gmt: Date(timeIntervalSince1970: Double(epochDay) * 86_400)) }
}
