package import CoreMetrics
import Networking

/// The metrics of the process, or of one of its tenants, and their page.
///
/// A lock is held where a series is made and where the page is listed, never where a value is recorded.
package final class PrometheusRegistry: Sendable {
    /// The process's registry, behind swift-metrics once ``Observability/bootstrap(_:minimumLevel:)`` ran.
    package static let shared = PrometheusRegistry()

    /// What bounds the memory that labels from outside can take.
    package struct Limits: Sendable {
        /// Series of one metric; the values of further ones go to a series whose labels are all `other`.
        package var seriesPerMetric = 200
        /// Metrics; further ones are not kept.
        package var metrics = 500

        package init() {}
    }

    private struct Family {
        let kind: PrometheusKind
        var series: [String: any PrometheusSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var collectors: [@Sendable () -> [PrometheusSample]] = []
    }

    private let state = Lock(State())
    private let limits: Limits
    private let help: [String: String]
    private let overflows = PrometheusCounter()
    private static let overflowName = "parley_metrics_overflow_total"

    /// - Parameter help: what metrics mean, by name.
    package init(limits: Limits = Limits(), help: [String: String] = MetricHelp.texts) {
        self.limits = limits
        self.help = help
    }

    /// Makes metrics that are shown on this page alone.
    package var factory: any MetricsFactory { PrometheusMetricsFactory(registry: self) }

    /// Adds values that are read when the page is, such as the counters of an event loop.
    package func collect(_ collector: @escaping @Sendable () -> [PrometheusSample]) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// Reads nothing more from anywhere. What is collected from may hold metrics of this registry, and so the registry itself.
    func stopCollecting() { state.withLock { $0.collectors = [] } }

    /// The series with these labels, made by `make` the first time.
    ///
    /// When the limits are reached, or the name belongs to another kind of metric, the series is one that others share or
    /// that nobody sees; both are counted in `parley_metrics_overflow_total`.
    func series<Series: PrometheusSeries>(
        _ name: PrometheusName, _ dimensions: [(String, String)], kind: PrometheusKind, make: () -> Series
    ) -> Series {
        let labels = PrometheusText.labels(dimensions)
        let (found, isOverflow): (Series?, Bool) = state.withLock { state in
            if state.families[name.text] == nil, state.families.count >= limits.metrics { return (nil, true) }
            var family = state.families[name.text] ?? Family(kind: kind)
            guard family.kind == kind else { return (nil, true) }
            let isFull = family.series[labels] == nil && family.series.count >= limits.seriesPerMetric
            let key = isFull ? PrometheusText.labels(dimensions.map { ($0.0, "other") }) : labels
            let series = family.series[key] ?? make()
            family.series[key] = series
            state.families[name.text] = family
            return (series as? Series, isFull)
        }
        if isOverflow || found == nil { overflows.increment(by: 1) }
        return found ?? make()
    }

    /// Forgets a series. Those who still hold it record into nothing.
    func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let key = family.series.first(where: { $0.value === handler })?.key else { continue }
                state.families[name]?.series[key] = nil
                if state.families[name]?.series.isEmpty == true { state.families[name] = nil }
            }
        }
    }

    /// The page, in the text format of ``PrometheusText``.
    package func page() -> String {
        let (families, collectors) = state.withLock { ($0.families, $0.collectors) }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name, help: help(for: name), kind: family.kind)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name, labels: labels, to: &text)
            }
        }
        text.begin(Self.overflowName, help: help(for: Self.overflowName), kind: .counter)
        overflows.write(Self.overflowName, labels: "", to: &text)
        write(collectors.flatMap { $0() }, besides: Set(families.keys), to: &text)
        return text.text
    }

    private func write(_ samples: [PrometheusSample], besides taken: Set<String>, to text: inout PrometheusText) {
        let byName = Dictionary(grouping: samples) { $0.name }
        for (name, samples) in byName.sorted(by: { $0.key < $1.key }) {
            let metric = PrometheusName(name).text
            guard !taken.contains(metric), let kind = samples.first?.kind else { continue }
            text.begin(metric, help: help(for: metric), kind: kind)
            for sample in samples { sample.write(metric, to: &text) }
        }
    }

    private func help(for name: String) -> String {
        help[name] ?? name.split(separator: "_").joined(separator: " ")
    }
}
