/// Twilio Media Streams, bidirectional: JSON in text messages, µ-law at 8 kHz in base64.
package struct TwilioDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "twilio")
        capabilities.asksAfterwards = true
        return capabilities
    }()

    private var decoder = TwilioMediaDecoder()
    private var encoder = TwilioMediaEncoder(streamID: "")

    package init(parameters: [String: String]) {}

    package var missedCount: Int { decoder.missedCount }

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        guard kind == .text else { throw MediaError.noBinary }
        let event = try decoder.decode(message, audio: &audio)
        if case .started(let start) = event { encoder = TwilioMediaEncoder(streamID: start.streamID) }
        return event
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio: outbox.append(.text) { encoder.media(audio, into: &$0) }
        case .mark(let mark): outbox.append(.text) { encoder.mark(mark, into: &$0) }
        case .clear: outbox.append(.text) { encoder.clear(into: &$0) }
        case .accept, .key, .caption, .state, .end: break
        }
    }
}
