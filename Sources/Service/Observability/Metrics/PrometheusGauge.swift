import CoreMetrics

/// A value that rises and falls.
final class PrometheusGauge: MeterHandler, RecorderHandler, PrometheusSeries {
    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.store(Double(value)) }

    func set(_ value: Double) { self.value.store(value) }

    func record(_ value: Int64) { set(value) }

    func record(_ value: Double) { set(value) }

    func increment(by amount: Double) { value.add(amount) }

    func decrement(by amount: Double) { value.add(-amount) }

    func write(_ name: String, labels: String, to text: inout PrometheusText) {
        text.add(name, labels, PrometheusText.number(value.load()))
    }
}
