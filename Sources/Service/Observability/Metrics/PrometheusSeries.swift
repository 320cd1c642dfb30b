import CoreMetrics

/// One line, or for a histogram one block of lines, of a metric: a handler of swift-metrics that can be read.
protocol PrometheusSeries: AnyObject, Sendable {
    /// Writes the present values.
    ///
    /// - Parameters:
    ///   - name: the metric's.
    ///   - labels: `part="total"`; empty for none.
    func write(_ name: String, labels: String, to text: inout PrometheusText)
}
