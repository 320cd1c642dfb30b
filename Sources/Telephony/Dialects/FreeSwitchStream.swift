import AudioCore

/// What FreeSWITCH's streaming modules send: perhaps a text of the application's choosing, then 16-bit samples in binary
/// messages, and between them whatever the application sends with `send_text`.
///
/// Neither module describes the stream, so the application does: as JSON in the first text, or in the socket's address.
struct FreeSwitchStream: Sendable {
    private enum Field: Int { case event, type, key, name, call, from, to, agent, rate, mix }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .type: "type", .key: "dtmf", .name: "data.name", .call: "call", .from: "from", .to: "to",
        .agent: "agent", .rate: "sampleRate", .mix: "mixType",
    ])
    static let rates = [8000, 16_000, 24_000, 32_000, 48_000, 64_000]

    private var isStreaming = false
    private let parameters: [String: String]

    /// - Parameter parameters: `rate` is the sample rate of the `start` command, as it is written there, when it is not
    ///   `8k`.
    init(parameters: [String: String]) { self.parameters = parameters }

    /// - Parameter replyFormat: of the agent's audio.
    mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, replyFormat: AudioFormat?, audio: inout MediaPayload
    ) throws(MediaError) -> MediaEvent {
        if kind == .binary {
            // Without a text before it, the first audio is the start, and no more than that.
            guard isStreaming else { return .started(try start(nil, message, replyFormat)) }
            try audio.replace(with: message, width: 2)
            return .media(sampleCount: message.count / 2, timestamp: nil, sequence: nil)
        }
        guard message.count <= 8192 else {
            throw MediaError(
                .tooLarge, subject: "a text", reason: "it has \(message.count) bytes, the limit is 8192")
        }
        // Any text is the application's right, also one that is no JSON.
        let fields = try? JSONFields<Field>(scanning: message, Self.table)
        guard isStreaming else { return .started(try start(fields, message, replyFormat)) }
        guard let fields else { return .ignored(.unknownEvent("text")) }
        let (event, type) = (fields[.event], fields[.type])
        if event.equals("dtmf", in: message) { return .keyPressed(try fields[.key].key("dtmf", message)) }
        // Played or cleared: the mark's own name tells which counts.
        if type.equals("mark", in: message) { return .mark(name: try fields[.name].required("data.name", message)) }
        return .ignored(.unknownEvent(event.string(in: message) ?? type.string(in: message) ?? ""))
    }

    private mutating func start(
        _ fields: JSONFields<Field>?, _ message: Span<UInt8>, _ replyFormat: AudioFormat?
    ) throws(MediaError) -> MediaStart {
        let rate = try fields?[.rate].number("sampleRate", message) ?? Self.rate(parameters["rate"])
        guard let rate, Self.rates.contains(rate), let replyFormat else {
            throw MediaError(
                .unsupportedFormat, subject: "the sample rate",
                reason: "8k, 16k, 24k, 32k, 48k and 64k are supported, for `rate` and `reply-rate`")
        }
        if let mix = fields?[.mix].string(in: message), mix != "mono" {
            throw MediaError(
                .unsupportedFormat, subject: "\"mixType\"",
                reason: "the agent must hear the caller alone: it is \(mix), start the stream with mono")
        }
        var result: [String: String] = [:]
        for (name, field) in [("from", Field.from), ("to", .to), ("agent", .agent)] {
            result[name] = fields?[field].string(in: message)
        }
        isStreaming = true
        let call = fields?[.call].string(in: message) ?? ""
        return MediaStart(
            streamID: call, callID: call, accountID: "", parameters: result,
            format: AudioFormat(encoding: .linear16, sampleRate: rate), replyFormat: replyFormat)
    }

    /// `8k`, `16000` …; 8000 where nothing is said.
    static func rate(_ text: String?) -> Int? {
        guard let text else { return 8000 }
        guard text.hasSuffix("k") else { return Int(text) }
        return Int(text.dropLast()).flatMap { $0 < 1000 ? $0 * 1000 : nil }
    }
}
