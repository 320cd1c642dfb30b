/// A figure with its 95 % confidence interval.
package struct Interval: Sendable, Equatable, Encodable {
    package var value: Double
    package var low: Double
    package var high: Double

    /// The normal distribution's 97.5 % point.
    private static let z = 1.959963984540054

    /// A share of cases: Wilson's score interval.
    ///
    /// - Returns: nil without a case.
    package static func share(_ count: Int, of total: Int) -> Interval? {
        guard total > 0 else { return nil }
        let (n, share) = (Double(total), Double(count) / Double(total))
        let centre = share + z * z / (2 * n)
        let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return Interval(value: share, low: (centre - spread) / scale, high: (centre + spread) / scale)
    }

    /// The difference of two shares, `other` less `one`: Newcombe's hybrid score interval (1998, his method 10).
    ///
    /// - Returns: nil where either has no case.
    package static func difference(
        _ one: InteractionPanel.Rate, _ other: InteractionPanel.Rate
    ) -> Interval? {
        guard let before = share(one.count, of: one.of), let after = share(other.count, of: other.of) else {
            return nil
        }
        func square(_ number: Double) -> Double { number * number }
        let difference = after.value - before.value
        return Interval(
            value: difference,
            low: difference - (square(after.value - after.low) + square(before.high - before.value)).squareRoot(),
            high: difference + (square(after.high - after.value) + square(before.value - before.low)).squareRoot())
    }

    /// Whether it tells the figure from zero.
    package var excludesZero: Bool { low > 0 || high < 0 }
}
