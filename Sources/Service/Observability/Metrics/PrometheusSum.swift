import CoreMetrics

/// Sums amounts that are not whole.
final class PrometheusSum: FloatingPointCounterHandler, PrometheusSeries {
    private let sum = AtomicDouble()

    /// Amounts that are negative or no number are dropped: a counter never falls.
    func increment(by amount: Double) {
        if amount > 0, amount.isFinite { sum.add(amount) }
    }

    func reset() { sum.store(0) }

    func write(_ name: String, labels: String, to text: inout PrometheusText) {
        text.add(name, labels, PrometheusText.number(sum.load()))
    }
}
