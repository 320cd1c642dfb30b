import AudioCore

/// Asterisk's `chan_websocket`: control in text messages, media as it is in binary ones. Control is JSON with the channel's
/// option `f(json)`, and otherwise words; the first message tells, and answers have to be of the same kind.
///
/// A flush throws pending marks away without a word. `MEDIA_XOFF` comes at 900 frames that wait, 18 s, which is more than
/// ``PlayoutQueue`` ever lets wait at a peer, so nothing has to be held back for it.
package struct AsteriskDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "asterisk")
        capabilities.subprotocol = "media"
        capabilities.positions = .counted
        capabilities.message = .init(step: 20, least: 20)
        // Its builds since February 2026 make none where we send none, and a far side may want audio without gaps.
        capabilities.wantsSilence = true
        return capabilities
    }()

    private enum Field: Int { case event, channel, format, frame, digit, mark, error, variables, from }

    private static let table = JSONFieldTable<Field>([
        .event: "event", .channel: "channel_id", .format: "format", .frame: "optimal_frame_size", .digit: "digit",
        .mark: "correlation_id", .error: "error_text", .variables: "channel_variables",
    ])

    private var isStreaming = false
    private var isJSON = true
    private var width = 1
    private var frames = WireFrames(size: 160)
    private var held: [UInt8] = []

    package init(parameters: [String: String]) {}

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        if kind == .binary {
            // A busy Asterisk may send its first frames before it has said what they are (its issue 1712).
            guard isStreaming else { return .ignored(.unknownEvent("audio before MEDIA_START")) }
            try audio.replace(with: message, width: width)
            return .media(sampleCount: message.count / width, timestamp: nil, sequence: nil)
        }
        guard !message.isEmpty else {
            throw MediaError(.malformedMessage, subject: "a message", reason: "it is empty")
        }
        return message[0] == UInt8(ascii: "{") ? try json(message) : try words(message)
    }

    private mutating func json(_ message: Span<UInt8>) throws(MediaError) -> MediaEvent {
        let fields = try JSONFields<Field>(scanning: message, Self.table)
        let event = fields[.event]
        guard event.isString else { throw MediaError.noEvent }
        if event.equals("MEDIA_START", in: message) {
            var parameters = try fields[.variables].parameters("channel_variables", message)
            parameters["token"] = nil
            return .started(
                try start(
                    channel: try fields[.channel].required("channel_id", message),
                    format: try fields[.format].required("format", message),
                    frame: try fields[.frame].number("optimal_frame_size", message) ?? 0, isJSON: true,
                    parameters: parameters))
        }
        let name = event.string(in: message) ?? ""
        guard isStreaming else { throw .outOfOrder(name, "\"MEDIA_START\" comes before it") }
        switch name {
        case "DTMF_END": return .keyPressed(try fields[.digit].key("digit", message))
        case "MEDIA_MARK_PROCESSED":
            return .mark(name: try fields[.mark].required("correlation_id", message))
        case "ERROR": return .complained(fields[.error].string(in: message) ?? "")
        default: return .ignored(.unknownEvent(name))
        }
    }

    /// The older form: a word, then `name:value` in any order. Values may hold spaces and colons, names are known.
    private mutating func words(_ message: Span<UInt8>) throws(MediaError) -> MediaEvent {
        guard message.count <= 4096 else {
            throw MediaError(
                .tooLarge, subject: "a message", reason: "it has \(message.count) bytes, the limit is 4096")
        }
        let text = String(decoding: message.indices.map { message[$0] }, as: UTF8.self)
        let parts = text.split(separator: " ", maxSplits: 1)
        let name = parts.first.map(String.init) ?? ""
        let rest = parts.count > 1 ? String(parts[1]) : ""
        if name == "MEDIA_START" {
            guard let channel = Self.value("channel_id", in: rest), let format = Self.value("format", in: rest) else {
                throw MediaError(
                    .missingField, subject: "\"MEDIA_START\"", reason: "channel_id and format have to be there")
            }
            return .started(
                try start(
                    channel: channel, format: format,
                    frame: Self.value("optimal_frame_size", in: rest).flatMap { Int($0) } ?? 0, isJSON: false,
                    parameters: [:]))
        }
        guard isStreaming else { throw .outOfOrder(name, "\"MEDIA_START\" comes before it") }
        switch name {
        case "DTMF_END":
            guard let digit = Self.value("digit", in: rest), digit.utf8.count == 1, let key = digit.first,
                "0123456789ABCD*#".contains(key)
            else {
                throw MediaError(.missingField, subject: "\"digit\"", reason: "it is not one of 0-9, A-D, * and #")
            }
            return .keyPressed(key)
        case "MEDIA_MARK_PROCESSED" where !rest.isEmpty: return .mark(name: rest)
        case "ERROR": return .complained(Self.value("error_text", in: rest) ?? rest)
        default: return .ignored(.unknownEvent(String(name.prefix(40))))
        }
    }

    private static func value(_ name: String, in text: String) -> String? {
        for part in text.split(separator: " ") where part.hasPrefix(name + ":") {
            let value = part.dropFirst(name.count + 1)
            return value.isEmpty ? nil : String(value)
        }
        return nil
    }

    private mutating func start(
        channel: String, format: String, frame: Int, isJSON: Bool, parameters: [String: String]
    ) throws(MediaError) -> MediaStart {
        guard !isStreaming else { throw .outOfOrder("MEDIA_START", "it comes once, first") }
        let known: AudioFormat? =
            switch format {
            case "ulaw": .telephone
            case "alaw": AudioFormat(encoding: .alaw, sampleRate: 8000)
            case "slin": AudioFormat(encoding: .linear16, sampleRate: 8000)
            case "slin12": AudioFormat(encoding: .linear16, sampleRate: 12_000)
            case "slin16": AudioFormat(encoding: .linear16, sampleRate: 16_000)
            case "slin24": AudioFormat(encoding: .linear16, sampleRate: 24_000)
            case "slin32": AudioFormat(encoding: .linear16, sampleRate: 32_000)
            case "slin48": AudioFormat(encoding: .linear16, sampleRate: 48_000)
            default: nil
            }
        guard let known else {
            throw MediaError(
                .unsupportedFormat, subject: "\"format\"",
                reason: "ulaw, alaw and slin are supported, it is \(format); use the option c(ulaw)")
        }
        width = known.bytesPerSample
        frames = WireFrames(size: (1...32_768).contains(frame) ? frame : known.sampleRate / 50 * width)
        self.isJSON = isJSON
        isStreaming = true
        return MediaStart(
            streamID: channel, callID: channel, accountID: "", parameters: parameters, format: known,
            replyFormat: known)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio:
            // Whole frames only: what does not fill one is dropped there.
            held.removeAll(keepingCapacity: true)
            frames.forEach(audio) { frame in for index in frame.indices { held.append(frame[index]) } }
            if !held.isEmpty { outbox.append(binary: held.span) }
        case .mark(let mark):
            outbox.append(.text) { buffer in
                buffer.append(isJSON ? #"{"command":"MARK_MEDIA","correlation_id":""# : "MARK_MEDIA ")
                mark.appendName(to: &buffer)
                if isJSON { buffer.append(#""}"#) }
            }
        case .clear:
            frames.removeAll()
            outbox.append(.text) { $0.append(isJSON ? #"{"command":"FLUSH_MEDIA"}"# : "FLUSH_MEDIA") }
        case .end: outbox.append(.text) { $0.append(isJSON ? #"{"command":"HANGUP"}"# : "HANGUP") }
        case .accept, .key, .caption, .state: break
        }
    }
}
