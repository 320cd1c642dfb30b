/// How far ahead of its own time audio came, in ms: counts in steps of 1 ms, of a fixed size however long a call is.
package struct LeadHistogram: Sendable, Equatable {
    /// What is further behind or ahead is counted at the end.
    private static let range = -1000...2000

    private var counts = [Int](repeating: 0, count: range.count)

    package init() {}

    package mutating func add(_ lead: Int) {
        counts[min(max(lead, Self.range.lowerBound), Self.range.upperBound) - Self.range.lowerBound] += 1
    }

    /// By how much each message was off the usual lead, in ms, in order of size: where the sender keeps time, nothing.
    package var errors: [Int] {
        let total = counts.reduce(0, +)
        var below = 0
        var median = 0
        for (index, count) in counts.enumerated() {
            below += count
            guard below * 2 >= total else { continue }
            median = index
            break
        }
        return counts.enumerated().flatMap { repeatElement(abs($0.offset - median), count: $0.element) }.sorted()
    }
}
