import AudioCore
import Foundation

/// Deepgram's turns on `/v2/speak`: a text is a turn, one at a time, its audio binary and without a name between
/// `SpeechStarted` and `SpeechMetadata`.
struct FluxVoiceDialect: ContextVoiceDialect {
    private let configuration: FluxVoiceConfiguration
    private let format: AudioFormat
    /// The context whose text was sent last.
    private var current: String?
    /// Whether its turn has begun and not ended.
    private var isSpeaking = false
    /// The vendor's name of the turn that ended last: it may be told of twice.
    private var lastEnded: String?
    private var played = PlayedEstimate()
    /// What the last interruption named; the next has to name more.
    private var lastOffset = 0

    init(_ configuration: FluxVoiceConfiguration, format: AudioFormat) {
        self.configuration = configuration
        self.format = format
    }

    let provider = FluxVoiceConfiguration.provider
    let operation = FluxVoiceConfiguration.operation
    /// Pings keep the line.
    let keepAlive: String? = nil
    let keepAliveInterval = Duration.seconds(60)
    let farewell: String? = #"{"type":"Close"}"#

    var contexts: SpeechContexts.Settings {
        var settings = SpeechContexts.Settings()
        settings.connectDeadline = configuration.connectDeadline
        settings.firstAudioDeadline = configuration.firstAudioDeadline
        settings.chunkDeadline = configuration.chunkDeadline
        settings.maximumLive = 1
        // Until the vendor has confirmed an interruption, what comes is of the turn that was cut.
        settings.outlivesCancel = true
        settings.provider = provider
        return settings
    }

    mutating func opened() { self = FluxVoiceDialect(configuration, format: format) }

    private struct Speak: Encodable {
        let type = "Speak"
        let text: String
    }

    mutating func messages(context: String, text: String) -> [[UInt8]] {
        (current, isSpeaking) = (context, false)
        // Strings can always be encoded.
        let message = try? JSONEncoder().encode(Speak(text: text))
        return message.map { [Array($0), Array(#"{"type":"Flush"}"#.utf8)] } ?? []
    }

    mutating func cancellation(context: String, now: Duration) -> [UInt8]? {
        let offset = Int(played.cut(now: now) / .milliseconds(1))
        // One that does not advance is refused, and without one the vendor takes all that it made for heard.
        guard offset > lastOffset else { return Array(#"{"type":"Interrupt"}"#.utf8) }
        lastOffset = offset
        return Array(#"{"type":"Interrupt","playback_offset":{"type":"time_ms","value":\#(offset)}}"#.utf8)
    }

    mutating func readBinary(_ bytes: Span<UInt8>, now: Duration) -> ContextVoiceMessage? {
        // Of a turn that has ended, or none.
        guard isSpeaking, let current else { return .other }
        let audio = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
        let samples = Double(audio.count / format.bytesPerSample)
        played.add(.seconds(samples / Double(format.sampleRate)), now: now)
        return .audio(context: current, audio: audio, isLast: false)
    }

    private struct Wire: Decodable {
        struct Metadata: Decodable {
            let turn: String

            private enum CodingKeys: String, CodingKey { case turn = "speech_id" }
        }

        let type: String
        let turn: String?
        let metadata: Metadata?
        let code: String?
        let description: String?

        private enum CodingKeys: String, CodingKey {
            case type, metadata, code, description
            case turn = "speech_id"
        }
    }

    mutating func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage {
        let data = unsafe bytes.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "SpeechStarted":
            isSpeaking = true
            return .other
        case "SpeechMetadata", "SpeechInterrupted":
            guard let ended = wire.turn ?? wire.metadata?.turn, ended != lastEnded, let current else { return .other }
            (lastEnded, isSpeaking) = (ended, false)
            return .audio(context: current, audio: [], isLast: true)
        case "Error":
            return .failure(
                SpeechError(
                    Self.code(wire.code ?? ""), operation: operation, provider: provider,
                    detail: [wire.code, wire.description].compactMap(\.self).joined(separator: ": ")))
        default: return .other
        }
    }

    /// What the vendor says of our messages cannot be mended by saying them again.
    private static func code(_ code: String) -> SpeechError.Code {
        ["DATA-", "MESSAGE-", "BIG-"].contains { code.hasPrefix($0) } ? .refused : .unavailable
    }
}
