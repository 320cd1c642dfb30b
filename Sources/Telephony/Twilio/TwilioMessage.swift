/// The fields of one message of the Twilio media dialect, in either direction, as places in its text.
///
/// One walk over the text finds them in any order; what is not named here is stepped over and counted.
struct TwilioMessage {
    enum Kind { case connected, start, media, dtmf, mark, stop, clear, other }

    private(set) var kind = Kind.other
    private(set) var event = JSONField()
    private(set) var streamID = JSONField()
    private(set) var sequence = JSONField()
    private(set) var version = JSONField()
    /// `media.track`, `dtmf.track`.
    private(set) var track = JSONField()
    private(set) var chunk = JSONField()
    private(set) var timestamp = JSONField()
    private(set) var payload = JSONField()
    private(set) var digit = JSONField()
    /// `mark.name`.
    private(set) var name = JSONField()
    private(set) var callID = JSONField()
    private(set) var accountID = JSONField()
    private(set) var startStreamID = JSONField()
    private(set) var tracks = JSONField()
    private(set) var parameters = JSONField()
    private(set) var encoding = JSONField()
    private(set) var sampleRate = JSONField()
    private(set) var channels = JSONField()
    /// Fields that the dialect does not have.
    private(set) var unknownCount = 0

    init(scanning text: Span<UInt8>) throws(MediaError) {
        var scanner = JSONScanner(at: 0)
        try scanMembers(&scanner, text, of: .message)
        try scanner.expectEnd(text)
        guard event.isString else {
            throw MediaError(.missingField, subject: "a message", reason: "it has no \"event\"")
        }
        kind = kind(in: text)
    }

    private func kind(in text: Span<UInt8>) -> Kind {
        if event.equals("media", in: text) { return .media }
        if event.equals("mark", in: text) { return .mark }
        if event.equals("clear", in: text) { return .clear }
        if event.equals("dtmf", in: text) { return .dtmf }
        if event.equals("start", in: text) { return .start }
        if event.equals("stop", in: text) { return .stop }
        if event.equals("connected", in: text) { return .connected }
        return .other
    }

    // MARK: Walking

    private enum Level { case message, body, format }

    private mutating func scanMembers(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>, of level: Level
    ) throws(MediaError) {
        try scanner.expect(UInt8(ascii: "{"), text)
        if try scanner.take(UInt8(ascii: "}"), text) { return }
        repeat {
            let key = try scanner.string(text)
            try scanner.expect(UInt8(ascii: ":"), text)
            if let inner = inner(key, text, level), try scanner.peek(text) == UInt8(ascii: "{") {
                try scanMembers(&scanner, text, of: inner)
            } else {
                store(try scanner.value(text), for: key, text, level)
            }
        } while try scanner.take(UInt8(ascii: ","), text)
        try scanner.expect(UInt8(ascii: "}"), text)
    }

    /// The level of the object that stands under `key`, if its fields are wanted.
    private func inner(_ key: JSONField, _ text: Span<UInt8>, _ level: Level) -> Level? {
        switch level {
        case .message:
            guard (4...5).contains(key.range.count) else { return nil }
            let isBody =
                key.equals("media", in: text) || key.equals("start", in: text) || key.equals("dtmf", in: text)
                || key.equals("mark", in: text) || key.equals("stop", in: text)
            return isBody ? .body : nil
        case .body: return key.equals("mediaFormat", in: text) ? .format : nil
        case .format: return nil
        }
    }

    private mutating func store(_ value: JSONField, for key: JSONField, _ text: Span<UInt8>, _ level: Level) {
        switch level {
        case .message: storeTop(value, for: key, text)
        case .body: storeBody(value, for: key, text)
        case .format: storeFormat(value, for: key, text)
        }
    }

    private mutating func storeTop(_ value: JSONField, for key: JSONField, _ text: Span<UInt8>) {
        if key.equals("event", in: text) {
            event = value
        } else if key.equals("streamSid", in: text) {
            streamID = value
        } else if key.equals("sequenceNumber", in: text) {
            sequence = value
        } else if key.equals("version", in: text) {
            version = value
        } else if !key.equals("protocol", in: text) {
            unknownCount += 1
        }
    }

    private mutating func storeBody(_ value: JSONField, for key: JSONField, _ text: Span<UInt8>) {
        switch key.range.count {
        case 4 where key.equals("name", in: text): name = value
        case 5 where key.equals("track", in: text): track = value
        case 5 where key.equals("chunk", in: text): chunk = value
        case 5 where key.equals("digit", in: text): digit = value
        case 6 where key.equals("tracks", in: text): tracks = value
        case 7 where key.equals("payload", in: text): payload = value
        case 7 where key.equals("callSid", in: text): callID = value
        case 9 where key.equals("timestamp", in: text): timestamp = value
        case 9 where key.equals("streamSid", in: text): startStreamID = value
        case 10 where key.equals("accountSid", in: text): accountID = value
        case 16 where key.equals("customParameters", in: text): parameters = value
        default: unknownCount += 1
        }
    }

    private mutating func storeFormat(_ value: JSONField, for key: JSONField, _ text: Span<UInt8>) {
        if key.equals("encoding", in: text) {
            encoding = value
        } else if key.equals("sampleRate", in: text) {
            sampleRate = value
        } else if key.equals("channels", in: text) {
            channels = value
        } else {
            unknownCount += 1
        }
    }
}

extension TwilioMessage {
    /// The string of a field that must be there.
    func required(_ field: JSONField, _ name: String, _ text: Span<UInt8>) throws(MediaError) -> String {
        guard let value = field.string(in: text), !value.isEmpty else {
            throw MediaError(.missingField, subject: "\"\(name)\"", reason: "it is absent, empty or not a string")
        }
        return value
    }

    /// Replaces `bytes` by the audio of `media.payload`.
    func decodePayload(
        _ text: Span<UInt8>, into audio: inout MediaPayload, scratch: inout [UInt8]
    ) throws(MediaError) {
        do throws(Base64.Fault) {
            switch payload.kind {
            case .string:
                try Base64.decode(text, payload.range, into: &audio.bytes, limit: audio.limit)
            case .escapedString:
                // Some writers escape "/" or "+", both of which base64 uses.
                scratch.removeAll(keepingCapacity: true)
                payload.appendBytes(of: text, to: &scratch)
                try Base64.decode(scratch.span, 0..<scratch.count, into: &audio.bytes, limit: audio.limit)
            default:
                throw .invalid
            }
        } catch {
            switch error {
            case .invalid where !payload.isString:
                throw MediaError(.missingField, subject: "\"media.payload\"", reason: "it is absent or not a string")
            case .invalid:
                throw MediaError(.malformedAudio, subject: "\"media.payload\"", reason: "it is not base64")
            case .tooLong:
                throw MediaError(
                    .tooLarge, subject: "\"media.payload\"", reason: "it holds more than \(audio.limit) bytes of audio")
            }
        }
    }

    /// Makes sure that the message belongs to the stream `id`.
    func requireStream(_ id: Span<UInt8>, _ text: Span<UInt8>) throws(MediaError) {
        guard streamID.isString else {
            throw MediaError(.missingField, subject: "\"streamSid\"", reason: "it is absent or not a string")
        }
        let range = streamID.range
        if streamID.kind == .string, range.count == id.count {
            var position = 0
            while position < id.count, text[range.lowerBound + position] == id[position] { position += 1 }
            if position == id.count { return }
        }
        if streamID.kind == .escapedString {
            var bytes: [UInt8] = []
            streamID.appendBytes(of: text, to: &bytes)
            if bytes.count == id.count, id.indices.allSatisfy({ bytes[$0] == id[$0] }) { return }
        }
        throw MediaError(.wrongStream, subject: "\"streamSid\"", reason: "it names another stream")
    }
}
