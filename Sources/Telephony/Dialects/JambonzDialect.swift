import AudioCore

/// jambonz's `listen` verb with bidirectional streaming: metadata and commands as JSON in text messages, 16-bit samples in
/// binary messages.
///
/// FreeSWITCH's `mod_audio_fork` is behind it: what ``AudioForkDialect`` says of its playing holds here too.
package struct JambonzDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "jambonz")
        capabilities.subprotocol = "audio.jambonz.org"
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.sends = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.positions = .counted
        capabilities.message = .init(step: 20, least: 80)
        capabilities.leastLead = 160
        capabilities.marksWithin = false
        return capabilities
    }()

    private enum Field: Int { case event, type, key, call, from, to, rate, account, name, stream, plainKey }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .type: "type", .key: "dtmf.digit", .call: "callSid", .from: "from", .to: "to",
        .rate: "sampleRate", .account: "accountSid", .name: "data.name", .stream: "callId",
    ])
    private static let plain = JSONFieldTable<Field>([.plainKey: "dtmf"])

    private var isStreaming = false
    private let replyRate: Int

    /// - Parameter parameters: `reply-rate` is the sample rate given under `bidirectionalAudio`, in Hz, when it is not 8000.
    package init(parameters: [String: String]) {
        replyRate = parameters["reply-rate"].flatMap { Int($0) } ?? 8000
    }

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        if kind == .binary {
            guard isStreaming else { throw .outOfOrder("audio", "the call's metadata come before it") }
            try audio.replace(with: message, width: 2)
            return .media(sampleCount: message.count / 2, timestamp: nil, sequence: nil)
        }
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        guard isStreaming else { return .started(try start(fields, message)) }
        let (event, type) = (fields[.event], fields[.type])
        if event.equals("dtmf", in: message) {
            return .keyPressed(
                try JSONFields<Field>(scanning: message, Self.plain)[.plainKey].key("dtmf", message))
        }
        // Played or cleared: the mark's own name tells which counts.
        if type.equals("mark", in: message) { return .mark(name: try fields[.name].required("data.name", message)) }
        return .ignored(.unknownEvent(event.string(in: message) ?? type.string(in: message) ?? ""))
    }

    private mutating func start(
        _ fields: JSONFields<Field>, _ message: Span<UInt8>
    ) throws(MediaError) -> MediaStart {
        let call = try fields[.call].required("callSid", message)
        let rate = try fields[.rate].number("sampleRate", message) ?? 8000
        let known = [8000, 16_000, 24_000, 32_000, 48_000, 64_000]
        guard known.contains(rate), known.contains(replyRate) else {
            throw MediaError(
                .unsupportedFormat, subject: "\"sampleRate\"",
                reason:
                    "8000, 16000, 24000, 32000, 48000 and 64000 are supported, it is \(rate), and \(replyRate) for replies"
            )
        }
        var parameters: [String: String] = [:]
        parameters["from"] = fields[.from].string(in: message)
        parameters["to"] = fields[.to].string(in: message)
        isStreaming = true
        return MediaStart(
            streamID: fields[.stream].string(in: message) ?? call, callID: call,
            accountID: fields[.account].string(in: message) ?? "", parameters: parameters,
            format: AudioFormat(encoding: .linear16, sampleRate: rate),
            replyFormat: AudioFormat(encoding: .linear16, sampleRate: replyRate))
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        outbox.append(forFork: command, audio: audio)
    }
}
