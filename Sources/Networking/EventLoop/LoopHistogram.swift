/// How often a loop was late, or busy, for how long. Written by the loop's thread alone, readable from any.
package final class LoopHistogram: Sendable {
    /// The counts at one moment.
    package struct Snapshot: Sendable, Equatable {
        /// One for each of ``LoopHistogram/bounds``, and one beyond the last.
        package var counts: [Int] = []
        package var sum = Duration.zero

        package init() {}

        /// The bound that no more than `share` of the values lie above, 0...1; nil where there are none, or above the last.
        package func bound(below share: Double) -> Duration? {
            let total = counts.reduce(0, +)
            var seen = 0
            for (bound, count) in zip(LoopHistogram.bounds, counts) where total > 0 {
                seen += count
                if Double(seen) >= share * Double(total) { return bound }
            }
            return nil
        }
    }

    /// Upper ends of the buckets; a beat is 20 ms.
    package static let bounds: [Duration] = limits.indices.map { .nanoseconds(Int64(limits[$0])) }

    /// [ns]
    private static let limits: InlineArray<11, Int> = [
        100_000, 250_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000,
        100_000_000,
    ]

    private let counts = InlineArray<12, EventLoopMetrics.Counter> { _ in EventLoopMetrics.Counter() }
    private let sum = EventLoopMetrics.Counter()

    init() {}

    /// The loop's thread.
    func record(nanoseconds: Int) {
        var bucket = 0
        while bucket < Self.limits.count, nanoseconds > Self.limits[bucket] { bucket += 1 }
        counts[bucket].add()
        sum.add(nanoseconds)
    }

    package var snapshot: Snapshot {
        var snapshot = Snapshot()
        snapshot.counts = counts.indices.map { counts[$0].count }
        snapshot.sum = .nanoseconds(Int64(sum.count))
        return snapshot
    }
}
