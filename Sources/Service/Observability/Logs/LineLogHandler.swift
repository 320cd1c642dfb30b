import Logging

/// Writes each event as one line.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogLineFormat
    private let sink: LogSink

    init(
        label: String, level: Logger.Level, format: LogLineFormat, sink: LogSink,
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.sink = sink
        self.metadataProvider = metadataProvider
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var facts = metadata
        // The closer to the event, the weightier.
        facts.merge(metadataProvider?.get() ?? [:]) { _, later in later }
        facts.merge(event.metadata ?? [:]) { _, later in later }
        if let error = event.error { facts["error"] = "\(error)" }
        sink.write(format.line(label: label, level: event.level, message: event.message.description, facts: facts))
    }
}
