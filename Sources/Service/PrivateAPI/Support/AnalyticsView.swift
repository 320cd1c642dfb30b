import Foundation
import Store

/// What calls come to in numbers, with the shares that are made of them.
struct AnalyticsView: Encodable, Sendable {
    /// Each of those of which it is said; absent where there is nothing to divide by.
    struct Rates: Encodable, Sendable {
        /// Of calls that have ended.
        let contained: Double?
        let transferred: Double?
        let abandoned: Double?
        let failed: Double?
        let goal: Double?
        /// Of those that have ended and had somebody on them: such as were helped, or brought to a person.
        let retained: Double?
        /// Of the caller's turns: such as were answered.
        let response: Double?
        /// Of interruptions: such as the agent fell silent for.
        let yield: Double?
        /// Of the agent's beginnings: such as were over the caller.
        let overCaller: Double?
        /// Of sounds that were not meant for the agent: such as it spoke on after.
        let tolerance: Double?

        init(_ analytics: CallAnalytics) {
            let (totals, turns) = (analytics.totals, analytics.interaction)
            func share(_ part: Int, of whole: Int) -> Double? {
                whole > 0 ? (Double(part) / Double(whole) * 10_000).rounded() / 10_000 : nil
            }
            contained = share(totals.contained, of: totals.ended)
            transferred = share(totals.transferred, of: totals.ended)
            abandoned = share(totals.abandoned, of: totals.ended)
            failed = share(totals.failed, of: totals.ended)
            goal = share(totals.goals, of: totals.ended)
            let helped = totals.contained + totals.transferred
            retained = share(helped, of: helped + totals.abandoned + totals.failed)
            response = share(turns.answered, of: turns.asked)
            `yield` = share(turns.yielded, of: turns.bargeIns)
            overCaller = share(turns.overCaller, of: turns.agentStarts)
            tolerance = share(turns.tolerated, of: turns.backchannels)
        }
    }

    /// Milliseconds since 1970.
    let since: Int
    let before: Int
    let zone: String
    let bucket: AnalyticsCalendar.Bucket
    let rates: Rates
    private let analytics: CallAnalytics

    init(_ analytics: CallAnalytics, _ calendar: AnalyticsCalendar, zone: String, bucket: AnalyticsCalendar.Bucket) {
        since = Self.milliseconds(calendar.since)
        before = Self.milliseconds(calendar.before)
        self.zone = zone
        self.bucket = bucket
        rates = Rates(analytics)
        self.analytics = analytics
    }

    private static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }

    private enum Key: CodingKey { case since, before, zone, bucket, rates }

    func encode(to encoder: any Encoder) throws {
        try analytics.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(since, forKey: .since)
        try container.encode(before, forKey: .before)
        try container.encode(zone, forKey: .zone)
        try container.encode(bucket, forKey: .bucket)
        try container.encode(rates, forKey: .rates)
    }
}
