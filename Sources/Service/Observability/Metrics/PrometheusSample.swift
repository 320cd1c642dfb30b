/// A value that somebody else counts, read when the page of metrics is.
package struct PrometheusSample: Sendable {
    package let name: String
    /// `counter` or `gauge`; all samples of one name have the same.
    package let kind: PrometheusKind
    package let dimensions: [(String, String)]
    package let value: Double
    /// Upper ends of a histogram's buckets and what fell into each; one count more, beyond the last. `value` is the sum.
    package let buckets: [(end: Double, count: Int)]

    private init(
        _ name: String, _ kind: PrometheusKind, _ dimensions: [(String, String)], _ value: Double,
        buckets: [(end: Double, count: Int)] = []
    ) {
        self.name = name
        self.kind = kind
        self.dimensions = dimensions
        self.value = value
        self.buckets = buckets
    }

    /// - Parameter buckets: in rising order; the last one's end is infinite.
    package static func histogram(
        _ name: String, buckets: [(end: Double, count: Int)], sum: Double, dimensions: [(String, String)] = []
    ) -> Self {
        Self(name, .histogram, dimensions, sum, buckets: buckets)
    }

    /// Writes the lines of this sample.
    func write(_ metric: String, to text: inout PrometheusText) {
        let labels = PrometheusText.labels(dimensions)
        guard kind == .histogram else { return text.add(metric, labels, PrometheusText.number(value)) }
        let separator = labels.isEmpty ? "" : ","
        var total = 0
        for bucket in buckets {
            total += bucket.count
            text.add(
                metric + "_bucket", "\(labels)\(separator)le=\"\(PrometheusText.number(bucket.end))\"", "\(total)")
        }
        text.add(metric + "_sum", labels, PrometheusText.number(value))
        text.add(metric + "_count", labels, "\(total)")
    }

    /// A value that only rises; `name` ends in `_total`.
    package static func counter(_ name: String, _ value: some BinaryInteger, dimensions: [(String, String)] = [])
        -> Self
    {
        Self(name, .counter, dimensions, Double(value))
    }

    /// A value that only rises; `name` ends in `_total`.
    package static func counter(_ name: String, _ value: Double, dimensions: [(String, String)] = []) -> Self {
        Self(name, .counter, dimensions, value)
    }

    package static func gauge(_ name: String, _ value: some BinaryInteger, dimensions: [(String, String)] = []) -> Self
    {
        Self(name, .gauge, dimensions, Double(value))
    }

    package static func gauge(_ name: String, _ value: Double, dimensions: [(String, String)] = []) -> Self {
        Self(name, .gauge, dimensions, value)
    }
}
