import Logging

/// What of calls is traced, and where it goes. One for the service; without it nothing is.
package struct CallTraces: Sendable {
    let sampler: TraceSampler
    /// Who answers behind the names of providers.
    let models: [String: ModelIdentity]
    let exporter: SpanExporter

    /// Nil where the configuration names no collector.
    ///
    /// - Parameter node: this process among those of the service.
    init?(
        _ configuration: ParleyConfiguration, node: String, options: SpanExporter.Options = SpanExporter.Options(),
        logger: Logger
    ) {
        guard configuration.telemetry.url != nil else { return nil }
        sampler = TraceSampler(ratio: configuration.telemetry.sampleRatio)
        models = configuration.providers.compactMapValues(ModelIdentity.init)
        exporter = SpanExporter(
            configuration.telemetry, node: node, version: NodeKeeper.builtAt, options: options, logger: logger)
    }

    /// Whether the call of that id is traced.
    func takes(_ callID: String) -> Bool { sampler.takes(TraceIdentity(callID: callID)) }

    /// What others that work for the call are told, so that theirs becomes part of its trace.
    func traceparent(ofCall callID: String) -> String {
        let identity = TraceIdentity(callID: callID)
        return identity.traceparent(isSampled: sampler.takes(identity))
    }
}
