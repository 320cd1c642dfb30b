import Logging

/// Hands events on with call and turn of a ``CallMark``, as they are when the line is written.
struct CallLogHandler: LogHandler {
    private var base: any LogHandler
    private let mark: CallMark

    init(base: any LogHandler, mark: CallMark) {
        self.base = base
        self.mark = mark
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        // The closer to the event, the weightier.
        event.metadata = mark.facts.merging(event.metadata ?? [:]) { _, own in own }
        base.log(event: event)
    }
}
