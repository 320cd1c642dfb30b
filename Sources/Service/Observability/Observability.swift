import CoreMetrics
package import Logging

/// Logs and metrics of the process.
package enum Observability {
    /// Directs all loggers to standard error and all metrics to ``PrometheusRegistry/shared``. Once per process, before
    /// the first logger is made.
    ///
    /// - Parameter minimumLevel: raises the configured level, for commands whose own output matters more.
    package static func bootstrap(_ configuration: ParleyConfiguration, minimumLevel: Logger.Level = .trace) {
        let level = max(configuration.log.level, minimumLevel)
        let (format, sink) = (LogLineFormat(configuration, to: .standardError), LogSink.standardError)
        LoggingSystem.bootstrap(
            { label, provider in
                LineLogHandler(label: label, level: level, format: format, sink: sink, metadataProvider: provider)
            }, metadataProvider: nil)
        MetricsSystem.bootstrap(PrometheusMetricsFactory(registry: .shared))
        PrometheusRegistry.shared.collect { [process = ProcessMetrics()] in process.samples() }
    }

    /// A tenant's logger: level, format and what is left out are as its own configuration says, and each line has its name.
    static func logger(
        _ configuration: ParleyConfiguration, tenant: String, sink: LogSink = .standardError
    ) -> Logger {
        let (level, format) = (configuration.log.level, LogLineFormat(configuration, to: sink))
        var logger = Logger(label: "parley") { label in
            LineLogHandler(label: label, level: level, format: format, sink: sink)
        }
        logger[metadataKey: "tenant"] = "\(tenant)"
        return logger
    }
}

extension LogLineFormat {
    fileprivate init(_ configuration: ParleyConfiguration, to sink: LogSink) {
        let log = configuration.log
        self.init(
            format: log.format, isColoured: sink.isTerminal && log.format == .pretty,
            redaction: LogRedaction(showsPersonalData: log.showsPersonalData, mask: configuration.privacy.mask))
    }
}
