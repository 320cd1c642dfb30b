import AudioCore

/// Reads what a carrier sends on one connection in the Twilio media dialect (Twilio Media Streams, bidirectional).
///
/// No I/O: a text message goes in, an event comes out. Media messages cost no allocation. After an error the decoder is as
/// before the message; whether the stream goes on is the caller's decision.
package struct TwilioMediaDecoder: Sendable {
    private enum Phase: Equatable { case opened, connected, streaming, stopped }

    /// The longest message accepted, in bytes.
    package let messageLimit: Int
    /// Messages of the carrier that never arrived, by its own numbering.
    package private(set) var missedCount = 0

    private var phase = Phase.opened
    private var streamID: [UInt8] = []
    private var sequence = 0
    private var scratch: [UInt8] = []

    /// - Parameter messageLimit: in bytes.
    package init(messageLimit: Int = 65_536) {
        self.messageLimit = messageLimit
    }

    /// Decodes one text message; the audio of a media message replaces what `audio` holds.
    package mutating func decode(
        _ message: Span<UInt8>, audio: inout MediaPayload
    ) throws(MediaError) -> MediaEvent {
        guard message.count <= messageLimit else {
            throw MediaError(
                .tooLarge, subject: "a message", reason: "it has \(message.count) bytes, the limit is \(messageLimit)")
        }
        let fields = try TwilioMessage(scanning: message)
        if phase == .stopped { return .ignored(.streamStopped) }

        switch fields.kind {
        case .media:
            try requireStreaming(fields, message, "media")
            guard fields.track.kind == .absent || fields.track.equals("inbound", in: message) else {
                return .ignored(.otherTrack)
            }
            let timestamp = try number(fields.timestamp, "media.timestamp", message)
            let sequence = try number(fields.sequence, "sequenceNumber", message)
            try fields.decodePayload(message, into: &audio, scratch: &scratch)
            count(sequence)
            return .media(sampleCount: audio.bytes.count, timestamp: timestamp, sequence: sequence)
        case .mark:
            try requireStreaming(fields, message, "mark")
            let name = try fields.required(fields.name, "mark.name", message)
            count(fields.sequence.integer(in: message))
            return .mark(name: name)
        case .dtmf:
            try requireStreaming(fields, message, "dtmf")
            let key = try key(fields, message)
            count(fields.sequence.integer(in: message))
            return .keyPressed(key)
        case .connected:
            guard phase == .opened else { throw outOfOrder("connected", "it comes once, first") }
            phase = .connected
            return .connected(version: fields.version.string(in: message) ?? "")
        case .start:
            return .started(try start(fields, message))
        case .stop:
            try requireStreaming(fields, message, "stop")
            phase = .stopped
            return .stopped
        case .clear, .other:
            return .ignored(.unknownEvent(fields.event.string(in: message) ?? ""))
        }
    }

    // MARK: Parts

    private mutating func start(_ fields: TwilioMessage, _ message: Span<UInt8>) throws(MediaError) -> MediaStart {
        guard phase == .connected else {
            throw outOfOrder(
                "start", phase == .opened ? "\"connected\" comes before it" : "the stream has started already")
        }
        let id = try fields.required(fields.streamID, "streamSid", message)
        guard fields.startStreamID.kind == .absent || fields.startStreamID.string(in: message) == id else {
            throw MediaError(.wrongStream, subject: "\"start.streamSid\"", reason: "it differs from the message's own")
        }
        let start = MediaStart(
            streamID: id, callID: try fields.required(fields.callID, "start.callSid", message),
            accountID: fields.accountID.string(in: message) ?? "",
            parameters: try parameters(fields.parameters, message), format: try format(fields, message),
            tracks: try tracks(fields.tracks, message))
        streamID = Array(id.utf8)
        sequence = fields.sequence.integer(in: message) ?? 0
        phase = .streaming
        return start
    }

    private func parameters(_ field: JSONField, _ message: Span<UInt8>) throws(MediaError) -> [String: String] {
        var result: [String: String] = [:]
        guard field.kind != .absent else { return result }
        var scanner = JSONScanner(at: field.range.lowerBound)
        try scanner.object(message) { (scanner, key) throws(MediaError) in
            let value = try scanner.value(message)
            guard let key = key.string(in: message), let value = value.string(in: message) else {
                throw MediaError(
                    .malformedMessage, subject: "\"start.customParameters\"", reason: "its values are not all strings")
            }
            result[key] = value
        }
        return result
    }

    private func tracks(_ field: JSONField, _ message: Span<UInt8>) throws(MediaError) -> [String] {
        guard field.kind == .container, message[field.range.lowerBound] == UInt8(ascii: "[") else { return ["inbound"] }
        var scanner = JSONScanner(at: field.range.lowerBound + 1)
        var result: [String] = []
        while try !scanner.take(UInt8(ascii: "]"), message) {
            if let track = try scanner.value(message).string(in: message) { result.append(track) }
            _ = try scanner.take(UInt8(ascii: ","), message)
        }
        return result
    }

    /// Absent parts mean what Twilio sends: µ-law, 8 kHz, mono.
    private func format(_ fields: TwilioMessage, _ message: Span<UInt8>) throws(MediaError) -> AudioFormat {
        let encoding = fields.encoding.string(in: message) ?? "audio/x-mulaw"
        let rate = try number(fields.sampleRate, "start.mediaFormat.sampleRate", message) ?? 8000
        let channels = try number(fields.channels, "start.mediaFormat.channels", message) ?? 1
        guard encoding == "audio/x-mulaw", rate == 8000, channels == 1 else {
            throw MediaError(
                .unsupportedFormat, subject: "\"start.mediaFormat\"",
                reason: "µ-law, 8000 Hz and one channel are supported, it has \(channels) at \(rate) Hz")
        }
        return .telephone
    }

    private func key(_ fields: TwilioMessage, _ message: Span<UInt8>) throws(MediaError) -> Character {
        if fields.digit.kind == .string, fields.digit.range.count == 1 {
            switch message[fields.digit.range.lowerBound] {
            case let byte where "0123456789ABCD*#".utf8.contains(byte): return Character(Unicode.Scalar(byte))
            default: break
            }
        }
        throw MediaError(.missingField, subject: "\"dtmf.digit\"", reason: "it is not one of 0-9, A-D, * and #")
    }

    /// Numbers come as strings or as numbers; absent is allowed, nonsense is not.
    private func number(_ field: JSONField, _ name: String, _ message: Span<UInt8>) throws(MediaError) -> Int? {
        guard field.isPresent else { return nil }
        guard let value = field.integer(in: message) else {
            throw MediaError(.malformedMessage, subject: "\"\(name)\"", reason: "it is not a decimal number")
        }
        return value
    }

    private func requireStreaming(
        _ fields: TwilioMessage, _ message: Span<UInt8>, _ event: String
    ) throws(MediaError) {
        guard phase == .streaming else { throw outOfOrder(event, "\"start\" comes before it") }
        try fields.requireStream(streamID.span, message)
    }

    private mutating func count(_ number: Int?) {
        guard let number, number > sequence else { return }
        missedCount += number - sequence - 1
        sequence = number
    }

    private func outOfOrder(_ event: String, _ reason: String) -> MediaError {
        MediaError(.outOfOrder, subject: "\"\(event)\"", reason: reason)
    }
}
