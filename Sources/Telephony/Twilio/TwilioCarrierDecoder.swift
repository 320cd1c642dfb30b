/// What a service tells the carrier.
package enum CarrierCommand: Sendable, Equatable {
    /// Audio to play, now in the ``MediaPayload``; its samples.
    case media(sampleCount: Int)
    /// Echo this name once everything before it is played or cleared.
    case mark(name: String)
    /// Drop what is not played, and echo every mark still held.
    case clear
}

/// Reads what a service sends, as strictly as Twilio does: an unknown message, a field too many or another stream's id is
/// an error (its warning 31951).
package struct TwilioCarrierDecoder: Sendable {
    private let streamID: [UInt8]
    private var scratch: [UInt8] = []

    package init(streamID: String) {
        self.streamID = Array(streamID.utf8)
    }

    /// Decodes one text message; the audio of a media message replaces what `audio` holds.
    package mutating func decode(
        _ message: Span<UInt8>, audio: inout MediaPayload
    ) throws(MediaError) -> CarrierCommand {
        let fields = try TwilioMessage(scanning: message)
        try fields.requireStream(streamID.span, message)
        switch fields.kind {
        case .media:
            try requireOnly(fields.name, fields.digit, fields)
            try fields.decodePayload(message, into: &audio, scratch: &scratch)
            return .media(sampleCount: audio.bytes.count)
        case .mark:
            try requireOnly(fields.payload, fields.digit, fields)
            return .mark(name: try fields.required(fields.name, "mark.name", message))
        case .clear:
            try requireOnly(fields.payload, fields.name, fields)
            return .clear
        default:
            throw MediaError(
                .unexpectedField, subject: "\"event\"", reason: "only media, mark and clear may be sent to a carrier")
        }
    }

    private func requireOnly(_ a: JSONField, _ b: JSONField, _ fields: TwilioMessage) throws(MediaError) {
        let foreign = [a, b, fields.sequence, fields.track, fields.chunk, fields.timestamp, fields.startStreamID]
        guard fields.unknownCount == 0, !foreign.contains(where: \.isPresent) else {
            throw MediaError(.unexpectedField, subject: "a message", reason: "it has a field that the dialect does not")
        }
    }
}
