import CoreMetrics
import Synchronization

/// How often values fell into each of a few fixed buckets.
final class PrometheusHistogram: RecorderHandler, TimerHandler, PrometheusSeries {
    private let bounds: HistogramBounds
    /// One more than there are bounds.
    private let counts = InlineArray<21, Atomic<Int64>> { _ in Atomic(0) }
    private let sum = AtomicDouble()

    init(bounds: HistogramBounds) { self.bounds = bounds }

    /// What is no number is dropped: it would spoil the sum for ever.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        counts[bounds.bucket(of: value)].wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    func record(_ value: Int64) { record(Double(value)) }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(_ name: String, labels: String, to text: inout PrometheusText) {
        let separator = labels.isEmpty ? "" : ","
        var total: Int64 = 0
        for index in counts.indices {
            total += counts[index].load(ordering: .relaxed)
            text.add(name + "_bucket", "\(labels)\(separator)le=\"\(bounds.labels[index])\"", "\(total)")
        }
        text.add(name + "_sum", labels, PrometheusText.number(sum.load()))
        // The buckets' own sum: a count kept beside them could differ while values arrive.
        text.add(name + "_count", labels, "\(total)")
    }
}
