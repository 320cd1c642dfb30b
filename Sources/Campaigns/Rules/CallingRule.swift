package import Store

/// One row of the table of the law's calling hours.
package struct CallingRule: Sendable, Equatable {
    /// `US`, or a part of it: `US-FL`.
    package var region: String
    /// Seven, Monday first.
    package var weekdays: [Bool]
    package var span: WeekHours.Span
    package var isClosedOnHolidays: Bool
    /// Calls to one number within 24 hours.
    package var attemptsPerDay: Int?
    package var source: String
    package var effectiveFrom: CalendarDay
}
