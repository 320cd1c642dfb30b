import CoreMetrics
package import Logging

/// Logs and metrics of the process.
package enum Observability {
    /// Directs all loggers to standard error and all metrics to ``PrometheusRegistry/shared``. Once per process, before
    /// the first logger is made.
    ///
    /// - Parameter minimumLevel: raises the configured level, for commands whose own output matters more.
    package static func bootstrap(_ configuration: ParleyConfiguration, minimumLevel: Logger.Level = .trace) {
        let log = configuration.log
        let sink = LogSink.standardError
        let format = LogLineFormat(
            format: log.format, isColoured: sink.isTerminal && log.format == .pretty,
            redaction: LogRedaction(showsPersonalData: log.showsPersonalData, mask: configuration.privacy.mask))
        LoggingSystem.bootstrap(
            { label, provider in
                LineLogHandler(
                    label: label, level: max(log.level, minimumLevel), format: format, sink: sink,
                    metadataProvider: provider)
            }, metadataProvider: nil)
        MetricsSystem.bootstrap(PrometheusMetricsFactory(registry: .shared))
        PrometheusRegistry.shared.collect { [process = ProcessMetrics()] in process.samples() }
    }
}
