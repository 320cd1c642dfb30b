package import Foundation
import Store

/// Days on which nobody answers, whatever the hours say: `2026-12-24` that once, `12-25` every year.
package struct ClosedDays: Sendable, Equatable {
    /// As they were given.
    package let texts: [String]
    private let days: Set<String>

    /// Nil where one of them is no day.
    package init?(_ texts: [String]) {
        // 2024 has every day that a year may have.
        guard texts.allSatisfy({ CalendarDay($0.utf8.count == 5 ? "2024-" + $0 : $0) != nil }) else { return nil }
        self.texts = texts
        days = Set(texts)
    }

    /// Whether it is such a day where the clocks are those of `zone`.
    package func contains(_ moment: Date, in zone: TimeZone) -> Bool {
        let day = CalendarDay(epochDay: LocalMoment(moment, in: zone).day).description
        return days.contains(day) || days.contains(String(day.suffix(5)))
    }
}
