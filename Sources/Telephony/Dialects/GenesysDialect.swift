import AudioCore

/// Genesys AudioHook, protocol version 2, as the Audio Connector uses it: numbered JSON messages, audio as it is in binary
/// ones.
///
/// Both sides count every text message and say how many of the other's they have seen. The peer tries the connection with a
/// conversation of zeros, which is opened and closed like any other and is no call. Gaps that it reports (`paused`, `resumed`,
/// `discarded`) need no account: the leg's clock fills them with silence while they last.
package struct GenesysDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "genesys")
        capabilities.positions = .counted
        // More messages a second than five are answered with an error.
        capabilities.message = .init(step: 20, least: 200, most: 400)
        capabilities.hasMarks = false
        capabilities.peerCloses = true
        return capabilities
    }()

    private enum Field: Int {
        case type, id, sequence, conversation, organization, from, to, media, digit, message, code
    }
    private enum Phase { case opened, probing, offered, streaming, closed }

    private static let table = JSONFieldTable<Field>([
        .type: "type", .id: "id", .sequence: "seq", .conversation: "parameters.conversationId",
        .organization: "parameters.organizationId", .from: "parameters.participant.ani",
        .to: "parameters.participant.dnis", .media: "parameters.media", .digit: "parameters.digit",
        .message: "parameters.message", .code: "parameters.code",
    ])
    private static let probe = "00000000-0000-0000-0000-000000000000"

    private var phase = Phase.opened
    private var session = ""
    private var sent = 0
    private var received = 0
    private var format = AudioFormat.telephone

    package init(parameters: [String: String]) {}

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        if kind == .binary {
            guard phase == .streaming else { throw .outOfOrder("audio", "\"opened\" comes before it") }
            try audio.replace(with: message, width: format.bytesPerSample)
            return .media(sampleCount: message.count / format.bytesPerSample, timestamp: nil, sequence: nil)
        }
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        let type = fields[.type].string(in: message) ?? ""
        guard let number = try fields[.sequence].number("seq", message), number == received + 1 else {
            throw MediaError(.outOfOrder, subject: "\"seq\"", reason: "messages are numbered from 1 without gaps")
        }
        let id = try fields[.id].required("id", message)
        guard phase == .opened || id == session else {
            throw MediaError(.wrongStream, subject: "\"id\"", reason: "it names another session")
        }
        if type == "open" {
            guard phase == .opened else { throw .outOfOrder("open", "the session is open already") }
            let event = try open(fields, message, id, &replies)
            received = number
            if phase == .probing { append("opened", #"{"media":[]}"#, to: &replies) }
            return event
        }
        guard phase != .opened else { throw .outOfOrder(type, "\"open\" comes before it") }
        switch type {
        case "dtmf":
            let key = try fields[.digit].key("parameters.digit", message)
            received = number
            return .keyPressed(key)
        case "ping":
            received = number
            append("pong", "{}", to: &replies)
            return .ignored(.unknownEvent(type))
        case "update":
            // It tells another language of the flow; an agent keeps its own.
            received = number
            append("updated", "{}", to: &replies)
            return .ignored(.unknownEvent(type))
        case "close":
            received = number
            append("closed", "{}", to: &replies)
            phase = .closed
            return .stopped
        case "error":
            received = number
            return .complained(fields[.message].string(in: message) ?? "error")
        default:
            received = number
            return .ignored(.unknownEvent(type))
        }
    }

    private mutating func open(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>, _ id: String, _ replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        let conversation = try fields[.conversation].required("parameters.conversationId", message)
        if conversation == Self.probe {
            session = id
            phase = .probing
            return .ignored(.unknownEvent("probe"))
        }
        guard let offer = try Self.offer(fields[.media], message) else {
            throw MediaError(
                .unsupportedFormat, subject: "\"parameters.media\"",
                reason: "no offer has the caller's channel alone in PCMU or L16 at 8000 Hz")
        }
        session = id
        format = offer
        phase = .offered
        var parameters: [String: String] = [:]
        parameters["from"] = fields[.from].string(in: message)
        parameters["to"] = fields[.to].string(in: message)
        return .started(
            MediaStart(
                streamID: id, callID: conversation, accountID: fields[.organization].string(in: message) ?? "",
                parameters: parameters, format: offer, replyFormat: offer))
    }

    /// The first offer of the customer's channel alone.
    private static func offer(_ field: JSONField, _ message: Span<UInt8>) throws(MediaError) -> AudioFormat? {
        guard field.kind == .container, message[field.range.lowerBound] == UInt8(ascii: "[") else { return nil }
        var scanner = JSONScanner(at: field.range.lowerBound + 1)
        while try !scanner.take(UInt8(ascii: "]"), message) {
            let offer = try scanner.value(message)
            if offer.kind == .container, message[offer.range.lowerBound] == UInt8(ascii: "{") {
                var (format, rate, channels) = ("", 0, "")
                var inner = JSONScanner(at: offer.range.lowerBound)
                try inner.object(message) { (scanner, key) throws(MediaError) in
                    let value = try scanner.value(message)
                    if key.equals("format", in: message) { format = value.string(in: message) ?? "" }
                    if key.equals("rate", in: message) { rate = value.integer(in: message) ?? 0 }
                    if key.equals("channels", in: message) {
                        channels = String(decoding: value.range.map { message[$0] }.filter { $0 > 0x20 }, as: UTF8.self)
                    }
                }
                if channels == #"["external"]"#, rate == 8000 {
                    if format == "PCMU" { return .telephone }
                    if format == "L16" { return AudioFormat(encoding: .linear16, sampleRate: 8000) }
                }
            }
            _ = try scanner.take(UInt8(ascii: ","), message)
        }
        return nil
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .accept:
            guard phase == .offered else { return }
            phase = .streaming
            let name = format.encoding == .mulaw ? "PCMU" : "L16"
            append(
                "opened",
                #"{"media":[{"type":"audio","format":"\#(name)","channels":["external"],"rate":8000}],"startPaused":false}"#,
                to: &outbox)
        case .audio: if phase == .streaming { outbox.append(binary: audio) }
        case .clear:
            guard phase == .streaming else { return }
            append("event", #"{"entities":[{"type":"barge_in","data":{}}]}"#, to: &outbox)
        case .end:
            // Before the session was opened the reason is that nobody may open it.
            guard phase == .streaming || phase == .offered else { return }
            append(
                "disconnect",
                phase == .streaming ? #"{"reason":"completed","info":""}"# : #"{"reason":"error","info":""}"#,
                to: &outbox)
            phase = .closed
        case .mark, .key, .caption, .state: break
        }
    }

    private mutating func append(_ type: StaticString, _ parameters: String, to outbox: inout MediaOutbox) {
        sent += 1
        outbox.append(.text) { buffer in
            buffer.append(#"{"version":"2","id":"#)
            buffer.append(jsonString: session)
            buffer.append(#","type":""#)
            buffer.append(type)
            buffer.append(#"","seq":"#)
            buffer.append(contentsOf: String(sent).utf8)
            buffer.append(#","clientseq":"#)
            buffer.append(contentsOf: String(received).utf8)
            buffer.append(#","parameters":"#)
            buffer.append(contentsOf: parameters.utf8)
            buffer.append("}")
        }
    }
}
