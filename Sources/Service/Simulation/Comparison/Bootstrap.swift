import Callers

/// Efron's percentile bootstrap of a difference of medians over groups: values of one call are not independent, so calls
/// are drawn, not values, and the same ones on both sides.
enum Bootstrap {
    static let rounds = 2000

    /// - Parameters:
    ///   - groups: per scenario, the values before and after.
    ///   - seed: of what is drawn; the same draws the same.
    /// - Returns: the median after less the median before; nil where either side has no value.
    static func medianDifference(_ groups: [(before: [Double], after: [Double])], seed: UInt64 = 1) -> Interval? {
        guard let value = difference(groups) else { return nil }
        var random = SeededRandom(seed: seed)
        var drawn: [Double] = []
        for _ in 0..<rounds {
            let sample = groups.indices.map { _ in groups[Int(random.next() % UInt64(groups.count))] }
            if let one = difference(sample) { drawn.append(one) }
        }
        guard let low = RankStatistic.quantile(drawn, 0.025), let high = RankStatistic.quantile(drawn, 0.975) else {
            return nil
        }
        return Interval(value: value, low: low, high: high)
    }

    private static func difference(_ groups: [(before: [Double], after: [Double])]) -> Double? {
        guard let before = RankStatistic.quantile(groups.flatMap(\.before), 0.5),
            let after = RankStatistic.quantile(groups.flatMap(\.after), 0.5)
        else { return nil }
        return after - before
    }
}
