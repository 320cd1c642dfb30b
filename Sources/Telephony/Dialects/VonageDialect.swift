import AudioCore

/// A WebSocket of Vonage's Voice API: 16-bit samples in binary messages of exactly 20 ms, JSON in text messages.
package struct VonageDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "vonage")
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.sends = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.positions = .counted
        capabilities.message = .init(step: 20, least: 20, most: 20)
        capabilities.asksAfterwards = true
        return capabilities
    }()

    private enum Field: Int { case event, type, digit, dtmf, nestedDigit, name, call }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .type: "content-type", .digit: "digit", .nestedDigit: "dtmf.digit", .name: "payload.id",
        .call: "call",
    ])
    private static let plainKey = JSONFieldTable<Field>([.dtmf: "dtmf"])

    private var isStreaming = false
    private var frames = WireFrames(size: 320)

    package init(parameters: [String: String]) {}

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        if kind == .binary {
            guard isStreaming else { throw .outOfOrder("audio", "\"websocket:connected\" comes before it") }
            try audio.replace(with: message, width: 2)
            return .media(sampleCount: message.count / 2, timestamp: nil, sequence: nil)
        }
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        let event = fields[.event]
        if event.equals("websocket:connected", in: message) { return .started(try start(fields, message)) }
        guard event.isString else { throw MediaError.noEvent }
        guard isStreaming else {
            throw .outOfOrder(event.string(in: message) ?? "", "\"websocket:connected\" comes before it")
        }
        if event.equals("websocket:dtmf", in: message) { return .keyPressed(try key(fields, message)) }
        if event.equals("websocket:notify", in: message) {
            return .mark(name: try fields[.name].required("payload.id", message))
        }
        return .ignored(.unknownEvent(event.string(in: message) ?? ""))
    }

    /// The digit stands in one of three places, depending on the account's age.
    private func key(_ fields: JSONFields<Field>, _ message: Span<UInt8>) throws(MediaError) -> Character {
        if fields[.digit].isPresent { return try fields[.digit].key("digit", message) }
        if fields[.nestedDigit].isPresent { return try fields[.nestedDigit].key("dtmf.digit", message) }
        return try JSONFields<Field>(scanning: message, Self.plainKey)[.dtmf].key("digit", message)
    }

    private mutating func start(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>
    ) throws(MediaError) -> MediaStart {
        guard !isStreaming else { throw .outOfOrder("websocket:connected", "it comes once, first") }
        let type = fields[.type].string(in: message) ?? "audio/l16;rate=8000"
        let parts = type.split(separator: "=", maxSplits: 1)
        guard type.hasPrefix("audio/l16"), let rate = parts.count == 2 ? Int(parts[1]) : 8000,
            [8000, 16_000, 24_000].contains(rate)
        else {
            throw MediaError(
                .unsupportedFormat, subject: "\"content-type\"",
                reason: "audio/l16 at 8000, 16000 or 24000 Hz is supported, it is \(type)")
        }
        var parameters: [String: String] = [:]
        var scanner = JSONScanner(at: 0)
        try scanner.object(message) { (scanner, key) throws(MediaError) in
            let value = try scanner.value(message)
            if let key = key.string(in: message), let value = value.string(in: message) { parameters[key] = value }
        }
        parameters["event"] = nil
        parameters["content-type"] = nil
        frames = WireFrames(size: rate / 50 * 2)
        isStreaming = true
        let format = AudioFormat(encoding: .linear16, sampleRate: rate)
        let call = fields[.call].string(in: message) ?? ""
        return MediaStart(
            streamID: call, callID: call, accountID: "", parameters: parameters, format: format, replyFormat: format)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio: frames.forEach(audio) { outbox.append(binary: $0) }
        case .mark(let mark):
            outbox.append(.text) { buffer in
                buffer.append(#"{"action":"notify","payload":{"id":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}}"#)
            }
        case .clear:
            frames.removeAll()
            outbox.append(text: #"{"action":"clear"}"#)
        case .accept, .key, .caption, .state, .end: break
        }
    }
}
