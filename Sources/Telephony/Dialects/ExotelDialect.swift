import AudioCore

/// Exotel's AgentStream (Voicebot applet): JSON in text messages, 16-bit samples in base64, in messages of at least 3,200
/// bytes and a multiple of 320.
package struct ExotelDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "exotel")
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.sends = AudioFormat(encoding: .linear16, sampleRate: 8000)
        // 3,200 bytes at 8 kHz.
        capabilities.message = .init(step: 20, least: 200)
        return capabilities
    }()

    private enum Field: Int {
        case event, stream, sequence, timestamp, payload, digit, name, call, account, from, to, rate, parameters
        case startStream
    }
    private enum Phase { case opened, streaming, stopped }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .stream: "stream_sid", .sequence: "sequence_number", .timestamp: "media.timestamp",
        .payload: "media.payload", .digit: "dtmf.digit", .name: "mark.name", .call: "start.call_sid",
        .account: "start.account_sid", .from: "start.from", .to: "start.to", .rate: "start.media_format.sample_rate",
        .parameters: "start.custom_parameters", .startStream: "start.stream_sid",
    ])

    private let wantedRate: Int
    private var phase = Phase.opened
    private var streamID = ""
    private var frames = WireFrames(size: 320)
    private var held: [UInt8] = []

    /// - Parameter parameters: `sample-rate` is what the applet's address asked for.
    package init(parameters: [String: String]) {
        wantedRate = parameters["sample-rate"].flatMap { Int($0) } ?? 8000
    }

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        guard kind == .text else { throw MediaError.noBinary }
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        let event = fields[.event]
        if phase == .stopped { return .ignored(.streamStopped) }
        if event.equals("connected", in: message) { return .connected(version: "") }
        if event.equals("start", in: message) { return .started(try start(fields, message)) }
        guard event.isString else { throw MediaError.noEvent }
        guard phase == .streaming else {
            throw .outOfOrder(event.string(in: message) ?? "", "\"start\" comes before it")
        }
        if fields[.stream].isPresent, fields[.stream].string(in: message) != streamID {
            throw MediaError(.wrongStream, subject: "\"stream_sid\"", reason: "it names another stream")
        }
        if event.equals("media", in: message) {
            let timestamp = try fields[.timestamp].number("media.timestamp", message)
            let sequence = try fields[.sequence].number("sequence_number", message)
            try fields[.payload].audio("media.payload", message, width: 2, into: &audio)
            return .media(sampleCount: audio.bytes.count / 2, timestamp: timestamp, sequence: sequence)
        }
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
        let rate = try fields[.rate].number("start.media_format.sample_rate", message) ?? wantedRate
        guard [8000, 16_000, 24_000].contains(rate) else {
            throw MediaError(
                .unsupportedFormat, subject: "\"start.media_format.sample_rate\"",
                reason: "8000, 16000 and 24000 are supported, it is \(rate)")
        }
        let own = fields[.stream].string(in: message)
        let id = own == nil ? try fields[.startStream].required("stream_sid", message) : own ?? ""
        var parameters = try fields[.parameters].parameters("start.custom_parameters", message)
        parameters["from"] = fields[.from].string(in: message)
        parameters["to"] = fields[.to].string(in: message)
        let call = try fields[.call].required("start.call_sid", message)
        streamID = id
        phase = .streaming
        let format = AudioFormat(encoding: .linear16, sampleRate: rate)
        return MediaStart(
            streamID: id, callID: call, accountID: fields[.account].string(in: message) ?? "", parameters: parameters,
            format: format,
            replyFormat: format)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio:
            held.removeAll(keepingCapacity: true)
            frames.forEach(audio) { frame in for index in frame.indices { held.append(frame[index]) } }
            guard !held.isEmpty else { return }
            begin("media", &outbox) { buffer in
                buffer.append(#","media":{"payload":""#)
                Base64.encode(held.span, appendingTo: &buffer)
                buffer.append(#""}}"#)
            }
        case .mark(let mark):
            begin("mark", &outbox) { buffer in
                buffer.append(#","mark":{"name":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}}"#)
            }
        case .clear:
            frames.removeAll()
            begin("clear", &outbox) { $0.append("}") }
        case .accept, .key, .caption, .state, .end: break
        }
    }

    private func begin(_ event: StaticString, _ outbox: inout MediaOutbox, _ rest: (inout [UInt8]) -> Void) {
        outbox.append(.text) { buffer in
            buffer.append(#"{"event":""#)
            buffer.append(event)
            buffer.append(#"","stream_sid":"#)
            buffer.append(jsonString: streamID)
            rest(&buffer)
        }
    }
}
