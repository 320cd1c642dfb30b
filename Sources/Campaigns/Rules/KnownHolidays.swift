package import Store

/// Until when the table has the holidays of a region.
package struct KnownHolidays: Sendable, Equatable {
    package var region: String
    /// Nil where the table has none of it, nor of its country.
    package var lastDay: CalendarDay?

    package init(region: String, lastDay: CalendarDay?) {
        self.region = region
        self.lastDay = lastDay
    }
}
