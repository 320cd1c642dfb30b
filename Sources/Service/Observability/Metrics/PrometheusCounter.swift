import CoreMetrics
import Synchronization

/// Counts events.
final class PrometheusCounter: CounterHandler, PrometheusSeries {
    private let count = Atomic<Int64>(0)

    /// Negative amounts are dropped: a counter never falls.
    func increment(by amount: Int64) {
        if amount > 0 { count.wrappingAdd(amount, ordering: .relaxed) }
    }

    func reset() { count.store(0, ordering: .relaxed) }

    func write(_ name: String, labels: String, to text: inout PrometheusText) {
        text.add(name, labels, "\(count.load(ordering: .relaxed))")
    }
}
