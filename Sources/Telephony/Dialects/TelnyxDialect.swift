import AudioCore

/// Telnyx media streaming in `rtp` mode: JSON in text messages, RTP payloads in base64. Each direction has a codec of its
/// own, and messages may overtake one another.
package struct TelnyxDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "telnyx")
        capabilities.reordering = 3
        capabilities.message = .init(step: 20, least: 20)
        capabilities.asksAfterwards = true
        return capabilities
    }()

    private enum Field: Int {
        case event, stream, sequence, track, chunk, timestamp, payload, digit, name, call, account, from, to, encoding
        case rate, channels, parameters, errorTitle, errorDetail, version
    }
    private enum Phase { case opened, streaming, stopped }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .stream: "stream_id", .sequence: "sequence_number", .track: "media.track",
        .chunk: "media.chunk", .timestamp: "media.timestamp", .payload: "media.payload", .digit: "dtmf.digit",
        .name: "mark.name", .call: "start.call_control_id", .account: "start.user_id", .from: "start.from",
        .to: "start.to", .encoding: "start.media_format.encoding", .rate: "start.media_format.sample_rate",
        .channels: "start.media_format.channels", .parameters: "start.custom_parameters",
        .errorTitle: "payload.title", .errorDetail: "payload.detail", .version: "version",
    ])

    private var phase = Phase.opened
    private var format = MediaFormat.telephone
    private var streamID = ""
    /// What we have asked for.
    private let replyFormat: MediaFormat
    private var order = ByteOrder()

    /// - Parameter parameters: `codec` is the one in which the agent's voice was asked for; µ-law without it.
    package init(parameters: [String: String]) {
        replyFormat = parameters["codec"].flatMap(TelnyxCodec.init)?.format ?? .telephone
    }

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
        if event.equals("error", in: message) {
            let words = [fields[.errorTitle], fields[.errorDetail]].compactMap { $0.string(in: message) }
            return .complained(words.joined(separator: ": "))
        }
        guard event.isString else { throw MediaError.noEvent }
        guard phase == .streaming else {
            throw .outOfOrder(event.string(in: message) ?? "", "\"start\" comes before it")
        }
        try fields[.stream].requireStream(streamID, "stream_id", message)
        if event.equals("dtmf", in: message) { return .keyPressed(try fields[.digit].key("dtmf.digit", message)) }
        if event.equals("mark", in: message) { return .mark(name: try fields[.name].required("mark.name", message)) }
        if event.equals("stop", in: message) {
            phase = .stopped
            return .stopped
        }
        return .ignored(.unknownEvent(event.string(in: message) ?? ""))
    }

    private mutating func start(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>
    ) throws(MediaError) -> MediaStart {
        guard phase == .opened else { throw .outOfOrder("start", "the stream has started already") }
        let rate = try fields[.rate].number("start.media_format.sample_rate", message) ?? 8000
        let channels = try fields[.channels].number("start.media_format.channels", message) ?? 1
        let encoding = fields[.encoding].string(in: message) ?? "PCMU"
        guard let format = Self.format(encoding, rate: rate, channels: channels) else {
            throw MediaError(
                .unsupportedFormat, subject: "\"start.media_format\"",
                reason:
                    "PCMU, PCMA, L16, G722 and OPUS with one channel are supported, it is \(encoding) with \(channels) "
                    + "at \(rate) Hz; ask for codec PCMU")
        }
        let id = try fields[.stream].required("stream_id", message)
        let call = try fields[.call].required("start.call_control_id", message)
        var parameters = try fields[.parameters].parameters("start.custom_parameters", message)
        parameters["from"] = fields[.from].string(in: message)
        parameters["to"] = fields[.to].string(in: message)
        self.format = format
        streamID = id
        phase = .streaming
        return MediaStart(
            streamID: id, callID: call, accountID: fields[.account].string(in: message) ?? "", parameters: parameters,
            hears: format, speaks: replyFormat)
    }

    private static func format(_ encoding: String, rate: Int, channels: Int) -> MediaFormat? {
        let known: AudioFormat.Encoding
        switch encoding {
        // A packet says itself what it holds, and RTP knows Opus at 48 kHz with two channels only.
        case "OPUS", "opus", "audio/opus": return channels <= 2 ? .opus : nil
        // Some name its clock, some its audio.
        case "G722", "audio/G722": return channels == 1 && (rate == 8000 || rate == 16_000) ? .g722 : nil
        case "PCMU", "audio/x-mulaw": known = .mulaw
        case "PCMA", "audio/x-alaw": known = .alaw
        case "L16", "audio/x-l16": known = .linear16
        default: return nil
        }
        guard channels == 1, [8000, 16_000, 24_000, 48_000].contains(rate) else { return nil }
        return .samples(AudioFormat(encoding: known, sampleRate: rate))
    }

    private mutating func media(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>, _ audio: inout MediaPayload
    ) throws(MediaError) -> MediaEvent {
        guard phase == .streaming else { throw .outOfOrder("media", "\"start\" comes before it") }
        try fields[.stream].requireStream(streamID, "stream_id", message)
        let track = fields[.track]
        guard !track.isPresent || track.equals("inbound", in: message) else { return .ignored(.otherTrack) }
        let chunk = try fields[.chunk].number("media.chunk", message)
        let timestamp = try fields[.timestamp].number("media.timestamp", message)
        guard case .samples(let samples) = format else {
            try fields[.payload].audio("media.payload", message, width: 1, into: &audio)
            return .media(
                sampleCount: format == .g722 ? audio.bytes.count * 2 : 0, timestamp: timestamp, sequence: chunk)
        }
        try fields[.payload].audio("media.payload", message, width: samples.bytesPerSample, into: &audio)
        if samples.encoding == .linear16 { order.makeLittle(&audio.bytes) }
        return .media(
            sampleCount: audio.bytes.count / samples.bytesPerSample, timestamp: timestamp, sequence: chunk)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio:
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"media","media":{"payload":""#)
                Base64.encode(audio, appendingTo: &buffer)
                buffer.append(#""}}"#)
            }
        case .mark(let mark):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"mark","mark":{"name":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}}"#)
            }
        case .clear: outbox.append(text: #"{"event":"clear"}"#)
        case .accept, .key, .caption, .state, .end: break
        }
    }
}
