package import CoreMetrics

/// Backs swift-metrics with a ``PrometheusRegistry``.
///
/// Counters become counters (`…_total`), gauges and meters gauges, timers histograms in seconds (`…_seconds`), recorders
/// histograms. Asking again for the same label and dimensions gives the same series.
package struct PrometheusMetricsFactory: MetricsFactory {
    private let registry: PrometheusRegistry

    package init(registry: PrometheusRegistry) { self.registry = registry }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.series(.init(label, suffix: "_total"), dimensions, kind: .counter) { PrometheusCounter() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        registry.series(.init(label, suffix: "_total"), dimensions, kind: .counter) { PrometheusSum() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        registry.series(.init(label), dimensions, kind: .gauge) { PrometheusGauge() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return registry.series(.init(label), dimensions, kind: .gauge) { PrometheusGauge() } }
        return registry.series(.init(label), dimensions, kind: .histogram) {
            PrometheusHistogram(bounds: HistogramBounds.amounts)
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.series(.init(label, suffix: "_seconds"), dimensions, kind: .histogram) {
            PrometheusHistogram(bounds: HistogramBounds.seconds)
        }
    }

    package func destroyCounter(_ handler: any CounterHandler) { registry.remove(handler) }

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { registry.remove(handler) }

    package func destroyMeter(_ handler: any MeterHandler) { registry.remove(handler) }

    package func destroyRecorder(_ handler: any RecorderHandler) { registry.remove(handler) }

    package func destroyTimer(_ handler: any TimerHandler) { registry.remove(handler) }
}
