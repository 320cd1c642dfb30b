/// The upper ends of histogram buckets.
struct HistogramBounds: Sendable {
    /// As many as every histogram has, so that it can hold its counts in place.
    static let count = 20

    let values: InlineArray<20, Double>
    /// The values of the `le` label, `+Inf` at the end.
    let labels: [String]

    private init(_ values: InlineArray<20, Double>) {
        self.values = values
        labels = values.indices.map { PrometheusText.number(values[$0]) } + ["+Inf"]
    }

    /// Latencies: close together where a caller begins to notice (0.1 to 1 s), and down to what Parley itself may add.
    static let seconds = HistogramBounds([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1, 1.5, 2.5, 5, 10,
    ])

    /// Sizes and numbers of things.
    static let amounts = HistogramBounds([
        0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
        1_000_000,
    ])

    /// The bucket that `value` falls into; ``count`` is the last, without an upper end.
    func bucket(of value: Double) -> Int {
        for index in values.indices where value <= values[index] { return index }
        return Self.count
    }
}
