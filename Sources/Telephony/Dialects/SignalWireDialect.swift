import AudioCore

/// SignalWire's cXML streams: like Twilio's, with a stream id that not every message repeats, 16-bit samples on request,
/// and keys that can be sent.
package struct SignalWireDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "signalwire")
        capabilities.asksAfterwards = true
        capabilities.sendsKeys = true
        return capabilities
    }()

    private enum Field: Int {
        case event, stream, sequence, track, timestamp, payload, digit, name, call, account, encoding, rate, channels
        case parameters, version, startStream
    }
    private enum Phase { case opened, streaming, stopped }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .stream: "streamSid", .sequence: "sequenceNumber", .track: "media.track",
        .timestamp: "media.timestamp", .payload: "media.payload", .digit: "dtmf.digit", .name: "mark.name",
        .call: "start.callSid", .account: "start.accountSid", .encoding: "start.mediaFormat.encoding",
        .rate: "start.mediaFormat.sampleRate", .channels: "start.mediaFormat.channels",
        .parameters: "start.customParameters", .version: "version", .startStream: "start.streamSid",
    ])

    private var phase = Phase.opened
    private var format = AudioFormat.telephone
    private var streamID = ""

    package init(parameters: [String: String]) {}

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        guard kind == .text else { throw MediaError.noBinary }
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        let event = fields[.event]
        if phase == .stopped { return .ignored(.streamStopped) }
        if event.equals("media", in: message) { return try media(fields, message, &audio) }
        if event.equals("start", in: message) { return .started(try start(fields, message)) }
        if event.equals("connected", in: message) {
            return .connected(version: fields[.version].string(in: message) ?? "")
        }
        guard event.isString else { throw MediaError.noEvent }
        guard phase == .streaming else {
            throw .outOfOrder(event.string(in: message) ?? "", "\"start\" comes before it")
        }
        try requireStream(fields, message)
        if event.equals("dtmf", in: message) { return .keyPressed(try fields[.digit].key("dtmf.digit", message)) }
        if event.equals("mark", in: message) { return .mark(name: try fields[.name].required("mark.name", message)) }
        if event.equals("stop", in: message) {
            phase = .stopped
            return .stopped
        }
        return .ignored(.unknownEvent(event.string(in: message) ?? ""))
    }

    private func requireStream(_ fields: JSONFields<Field>, _ message: Span<UInt8>) throws(MediaError) {
        let id = fields[.stream]
        guard id.isPresent, id.string(in: message) != streamID else { return }
        throw MediaError(.wrongStream, subject: "\"streamSid\"", reason: "it names another stream")
    }

    private mutating func start(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>
    ) throws(MediaError) -> MediaStart {
        guard phase == .opened else { throw .outOfOrder("start", "the stream has started already") }
        let rate = try fields[.rate].number("start.mediaFormat.sampleRate", message) ?? 8000
        let channels = try fields[.channels].number("start.mediaFormat.channels", message) ?? 1
        let encoding = fields[.encoding].string(in: message) ?? "audio/x-mulaw"
        let known: AudioFormat.Encoding? =
            switch encoding {
            case "audio/x-mulaw": rate == 8000 ? .mulaw : nil
            case "audio/x-L16", "audio/x-l16": [8000, 16_000, 24_000].contains(rate) ? .linear16 : nil
            default: nil
            }
        guard let known, channels == 1 else {
            throw MediaError(
                .unsupportedFormat, subject: "\"start.mediaFormat\"",
                reason:
                    "audio/x-mulaw at 8000 Hz and audio/x-L16 with one channel are supported, it is \(encoding) with "
                    + "\(channels) at \(rate) Hz")
        }
        let id = (fields[.stream].string(in: message) ?? fields[.startStream].string(in: message)) ?? ""
        guard !id.isEmpty else {
            throw MediaError(.missingField, subject: "\"streamSid\"", reason: "it is absent, empty or not a string")
        }
        let call = try fields[.call].required("start.callSid", message)
        let parameters = try fields[.parameters].parameters("start.customParameters", message)
        format = AudioFormat(encoding: known, sampleRate: rate)
        streamID = id
        phase = .streaming
        return MediaStart(
            streamID: id, callID: call, accountID: fields[.account].string(in: message) ?? "", parameters: parameters,
            format: format, replyFormat: format)
    }

    private func media(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>, _ audio: inout MediaPayload
    ) throws(MediaError) -> MediaEvent {
        guard phase == .streaming else { throw .outOfOrder("media", "\"start\" comes before it") }
        try requireStream(fields, message)
        let track = fields[.track]
        guard !track.isPresent || track.equals("inbound", in: message) else { return .ignored(.otherTrack) }
        let timestamp = try fields[.timestamp].number("media.timestamp", message)
        let sequence = try fields[.sequence].number("sequenceNumber", message)
        try fields[.payload].audio("media.payload", message, width: format.bytesPerSample, into: &audio)
        return .media(
            sampleCount: audio.bytes.count / format.bytesPerSample, timestamp: timestamp, sequence: sequence)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio:
            begin("media", &outbox) { buffer in
                buffer.append(#","media":{"payload":""#)
                Base64.encode(audio, appendingTo: &buffer)
                buffer.append(#""}}"#)
            }
        case .mark(let mark):
            begin("mark", &outbox) { buffer in
                buffer.append(#","mark":{"name":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}}"#)
            }
        case .clear: begin("clear", &outbox) { $0.append("}") }
        case .key(let key):
            begin("dtmf", &outbox) { buffer in
                buffer.append(#","dtmf":{"digit":"#)
                buffer.append(jsonString: String(key))
                buffer.append("}}")
            }
        case .accept, .caption, .state, .end: break
        }
    }

    private func begin(_ event: StaticString, _ outbox: inout MediaOutbox, _ rest: (inout [UInt8]) -> Void) {
        outbox.append(.text) { buffer in
            buffer.append(#"{"event":""#)
            buffer.append(event)
            buffer.append(#"","streamSid":"#)
            buffer.append(jsonString: streamID)
            rest(&buffer)
        }
    }
}
