import AudioCore

/// Plivo audio streams, bidirectional: JSON in text messages, µ-law or 16-bit samples in base64.
///
/// A checkpoint is a mark that comes back as `playedStream`, and never after a clear.
package struct PlivoDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "plivo")
        capabilities.message = .init(step: 20, least: 20)
        capabilities.asksAfterwards = true
        // Not `sendsKeys`: that `sendDTMF` over the socket is heard is confirmed nowhere, and tones need nobody's word.
        return capabilities
    }()

    private enum Field: Int {
        case event, stream, track, timestamp, payload, digit, name, call, account, encoding, rate, parameters
        case headers, startStream, sequence
    }
    private enum Phase { case opened, streaming, stopped }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .stream: "streamId", .track: "media.track", .timestamp: "media.timestamp",
        .payload: "media.payload", .digit: "dtmf.digit", .name: "name", .call: "start.callId",
        .account: "start.accountId", .encoding: "start.mediaFormat.encoding", .rate: "start.mediaFormat.sampleRate",
        .parameters: "start.customParameters", .headers: "extra_headers", .startStream: "start.streamId",
        .sequence: "sequenceNumber",
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
        guard event.isString else { throw MediaError.noEvent }
        guard phase == .streaming else {
            throw .outOfOrder(event.string(in: message) ?? "", "\"start\" comes before it")
        }
        try fields[.stream].requireStream(streamID, "streamId", message)
        if event.equals("dtmf", in: message) { return .keyPressed(try fields[.digit].key("dtmf.digit", message)) }
        // Named differently in its SDK and in an article of its support.
        if event.equals("playedStream", in: message) || event.equals("played", in: message) {
            return .mark(name: try fields[.name].required("name", message))
        }
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
        let rate = try fields[.rate].number("start.mediaFormat.sampleRate", message) ?? 8000
        let encoding = fields[.encoding].string(in: message) ?? "audio/x-mulaw"
        let known: AudioFormat.Encoding? =
            encoding.hasPrefix("audio/x-mulaw") ? .mulaw : encoding.hasPrefix("audio/x-l16") ? .linear16 : nil
        guard let known, rate == 8000 || (rate == 16_000 && known == .linear16) else {
            throw MediaError(
                .unsupportedFormat, subject: "\"start.mediaFormat\"",
                reason: "audio/x-mulaw at 8000 Hz and audio/x-l16 at 8000 or 16000 Hz are supported, it is \(encoding) "
                    + "at \(rate) Hz")
        }
        let id = try fields[.startStream].required("start.streamId", message)
        let call = try fields[.call].required("start.callId", message)
        var parameters = try fields[.parameters].parameters("start.customParameters", message)
        // Commas in its markup, semicolons in its SDK.
        for pair in (fields[.headers].string(in: message) ?? "").split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let pair = pair.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parameters[String(pair[0])] = String(pair[1]) }
        }
        format = AudioFormat(encoding: known, sampleRate: rate)
        streamID = id
        phase = .streaming
        return MediaStart(
            streamID: id, callID: call, accountID: fields[.account].string(in: message) ?? "", parameters: parameters,
            format: format,
            replyFormat: format)
    }

    private func media(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>, _ audio: inout MediaPayload
    ) throws(MediaError) -> MediaEvent {
        guard phase == .streaming else { throw .outOfOrder("media", "\"start\" comes before it") }
        try fields[.stream].requireStream(streamID, "streamId", message)
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
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"playAudio","media":{"contentType":"#)
                switch (format.encoding, format.sampleRate) {
                case (.linear16, 16_000): buffer.append(#""audio/x-l16","sampleRate":16000,"payload":""#)
                case (.linear16, _): buffer.append(#""audio/x-l16","sampleRate":8000,"payload":""#)
                default: buffer.append(#""audio/x-mulaw","sampleRate":8000,"payload":""#)
                }
                Base64.encode(audio, appendingTo: &buffer)
                buffer.append(#""}}"#)
            }
        case .mark(let mark):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"checkpoint","streamId":"#)
                buffer.append(jsonString: streamID)
                buffer.append(#","name":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}"#)
            }
        case .clear:
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"clearAudio","streamId":"#)
                buffer.append(jsonString: streamID)
                buffer.append("}")
            }
        case .key(let key):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"sendDTMF","dtmf":"#)
                buffer.append(jsonString: String(key))
                buffer.append("}")
            }
        case .accept, .caption, .state, .end: break
        }
    }
}
