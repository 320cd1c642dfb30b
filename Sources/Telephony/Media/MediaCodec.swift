/// A dialect of any kind behind one type, in one place in memory: two calls through tables a message, and no boxes.
///
/// Confined to the thread of its connection's loop.
class MediaCodec {
    let capabilities: MediaCapabilities

    fileprivate init(_ capabilities: MediaCapabilities) { self.capabilities = capabilities }

    var missedCount: Int { preconditionFailure("made by DialectCodec only") }

    func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        preconditionFailure("made by DialectCodec only")
    }

    func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        preconditionFailure("made by DialectCodec only")
    }
}

final class DialectCodec<Dialect: MediaDialect>: MediaCodec {
    private var dialect: Dialect

    init(_ dialect: Dialect) {
        self.dialect = dialect
        super.init(Dialect.capabilities)
    }

    override var missedCount: Int { dialect.missedCount }

    override func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        try dialect.decode(message, kind, audio: &audio, replies: &replies)
    }

    override func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        dialect.encode(command, audio: audio, into: &outbox)
    }
}
