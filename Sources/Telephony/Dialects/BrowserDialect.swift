import AudioCore
import Codecs

/// Parley's own dialect, for callers in a browser: audio as binary messages, control as small JSON objects in text
/// messages. Its start says whether a message of audio holds 16-bit samples or an Opus packet. docs/carriers.md describes it for whoever writes the page.
package struct BrowserDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "browser")
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 16_000)
        capabilities.sends = AudioFormat(encoding: .linear16, sampleRate: 16_000)
        capabilities.positions = .counted
        capabilities.takesCaptions = true
        return capabilities
    }()

    private enum Field: Int { case event, call, token, rate, codec, name, key, agent, from }
    private enum Phase { case opened, streaming, stopped }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .call: "call", .token: "token", .rate: "rate", .codec: "codec", .name: "name", .key: "key",
        .agent: "agent",
        .from: "from",
    ])
    /// The most that libopus ever makes of a frame of 20 ms, six of which the longest packet holds.
    private static let packetLimit = OpusEncoder.packetLimit * 6
    /// Longer texts are cut: a page shows them, nothing else.
    private static let captionLimit = 2000

    private var phase = Phase.opened
    private var format = MediaFormat.samples(AudioFormat(encoding: .linear16, sampleRate: 16_000))

    package init(parameters: [String: String]) {}

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        guard phase != .stopped else { return .ignored(.streamStopped) }
        if kind == .binary { return try media(message, &audio) }
        guard message.count <= 4096 else {
            throw MediaError(
                .tooLarge, subject: "a control message", reason: "it has \(message.count) bytes, the limit is 4096")
        }
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        let event = fields[.event]
        if event.equals("start", in: message) { return .started(try start(fields, message)) }
        guard event.isString else { throw MediaError.noEvent }
        guard phase == .streaming else {
            throw .outOfOrder(event.string(in: message) ?? "", "\"start\" comes before it")
        }
        if event.equals("mark", in: message) {
            return .mark(name: try fields[.name].required("name", message))
        } else if event.equals("key", in: message) {
            return .keyPressed(try fields[.key].key("key", message))
        } else if event.equals("hangup", in: message) {
            phase = .stopped
            return .stopped
        }
        return .ignored(.unknownEvent(event.string(in: message) ?? ""))
    }

    private mutating func start(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>
    ) throws(MediaError) -> MediaStart {
        guard phase == .opened else { throw .outOfOrder("start", "the call has started already") }
        let format = try format(fields, message)
        let call = try fields[.call].required("call", message)
        var parameters: [String: String] = [:]
        parameters["token"] = fields[.token].string(in: message)
        parameters["agent"] = fields[.agent].string(in: message)
        parameters["from"] = fields[.from].string(in: message)
        self.format = format
        phase = .streaming
        return MediaStart(
            streamID: call, callID: call, accountID: "", parameters: parameters, hears: format, speaks: format)
    }

    private func format(_ fields: JSONFields<Field>, _ message: Span<UInt8>) throws(MediaError) -> MediaFormat {
        if fields[.codec].isPresent, !fields[.codec].equals("pcm", in: message) {
            guard fields[.codec].equals("opus", in: message) else {
                throw MediaError(
                    .unsupportedFormat, subject: "\"codec\"",
                    reason: "it is \(fields[.codec].string(in: message) ?? "no text"), not pcm or opus")
            }
            return .opus
        }
        let rate = try fields[.rate].number("rate", message) ?? 16_000
        guard rate == 8000 || rate == 16_000 else {
            throw MediaError(.unsupportedFormat, subject: "\"rate\"", reason: "it is \(rate), not 8000 or 16000")
        }
        return .samples(AudioFormat(encoding: .linear16, sampleRate: rate))
    }

    private func media(_ message: Span<UInt8>, _ audio: inout MediaPayload) throws(MediaError) -> MediaEvent {
        guard phase == .streaming else { throw .outOfOrder("audio", "\"start\" comes before it") }
        if format == .opus {
            guard message.count <= Self.packetLimit else {
                throw MediaError(
                    .tooLarge, subject: "an Opus packet",
                    reason: "it has \(message.count) bytes, the limit is \(Self.packetLimit)")
            }
            try audio.replace(with: message, width: 1)
            return .media(sampleCount: 0, timestamp: nil, sequence: nil)
        }
        try audio.replace(with: message, width: 2)
        return .media(sampleCount: message.count / 2, timestamp: nil, sequence: nil)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio: outbox.append(binary: audio)
        case .mark(let mark):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"mark","name":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}"#)
            }
        case .clear: outbox.append(text: #"{"event":"clear"}"#)
        case .accept(let callID):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"started","call":"#)
                buffer.append(jsonString: callID)
                if case .samples(let samples) = format {
                    buffer.append(samples.sampleRate == 8000 ? #","rate":8000}"# : #","rate":16000}"#)
                } else {
                    buffer.append(#","codec":"opus"}"#)
                }
            }
        case .caption(let speaker, let text, let isFinal):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"transcript","speaker":"#)
                buffer.append(jsonString: speaker.rawValue)
                buffer.append(#","text":"#)
                buffer.append(jsonString: text.prefix(Self.captionLimit))
                buffer.append(isFinal ? #","final":true}"# : #","final":false}"#)
            }
        case .state(let state):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"state","agent":"#)
                buffer.append(jsonString: state.rawValue)
                buffer.append("}")
            }
        case .end(let reason):
            outbox.append(.text) { buffer in
                buffer.append(#"{"event":"ended","reason":"#)
                buffer.append(jsonString: reason.prefix(Self.captionLimit))
                buffer.append("}")
            }
        case .key: break
        }
    }
}
