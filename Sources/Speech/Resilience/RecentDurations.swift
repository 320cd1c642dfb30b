/// The latest durations of something that happens again and again, and what nearly all of them stay below.
struct RecentDurations: Sendable, Equatable {
    private static let capacity = 256
    /// Fewer say nothing about the slowest.
    private static let fewest = 50
    private var durations: [Duration] = []
    private var next = 0
    /// 99 of 100 of the latest stay below it; nil before there are enough.
    private(set) var percentile99: Duration?

    mutating func add(_ duration: Duration) {
        if durations.count < Self.capacity { durations.append(duration) } else { durations[next] = duration }
        next = (next + 1) % Self.capacity
        guard durations.count >= Self.fewest else { return }
        let sorted = durations.sorted()
        percentile99 = sorted[min(sorted.count * 99 / 100, sorted.count - 1)]
    }
}
