import Foundation

extension Store {
    /// Longer than any call; one whose end nobody wrote is not counted as on the line for ever.
    static let longestCall = 86_400_000

    /// What became of the calls that began in a span.
    ///
    /// - Parameters:
    ///   - filter: which calls; its own `since` and `before` do not matter.
    ///   - calendar: the span, and how it is cut.
    package func analytics(
        of filter: CallFilter, over calendar: AnalyticsCalendar
    ) async throws(StoreError) -> CallAnalytics {
        var filter = filter
        filter.since = calendar.since
        filter.before = calendar.before
        let picked = filter
        return try await read("count calls", path) { db in
            let query = AnalyticsQuery(db, picked, calendar)
            var result = CallAnalytics()
            try query.buckets(&result)
            try query.words(&result)
            try query.dispositions(&result)
            try query.features(&result)
            try query.handling(&result)
            try query.peaks(&result)
            try query.costs(&result)
            try query.campaigns(&result)
            try query.interaction(&result)
            try query.scorecards(&result)
            return result
        }
    }
}
