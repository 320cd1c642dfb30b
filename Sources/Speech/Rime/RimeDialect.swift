import Foundation

/// Rime's messages on `/ws3`. Contexts are labels on one queue: texts are spoken one after the other, and `clear` empties
/// all of it.
struct RimeDialect: ContextVoiceDialect {
    private let configuration: RimeConfiguration
    /// The context whose text was sent last.
    private var current: String?
    /// Whether there was audio of it.
    private var hasAudio = false

    init(_ configuration: RimeConfiguration) { self.configuration = configuration }

    let provider = RimeConfiguration.provider
    let operation = RimeConfiguration.operation
    /// Pings keep the line.
    let keepAlive: String? = nil
    let keepAliveInterval = Duration.seconds(60)
    let farewell: String? = #"{"operation":"eos"}"#

    var contexts: SpeechContexts.Settings {
        var settings = SpeechContexts.Settings()
        settings.connectDeadline = configuration.connectDeadline
        settings.firstAudioDeadline = configuration.firstAudioDeadline
        settings.chunkDeadline = configuration.chunkDeadline
        // A second one would be lost with the first when that is cleared.
        settings.maximumLive = 1
        settings.outlivesCancel = false
        settings.provider = provider
        return settings
    }

    private struct Text: Encodable {
        let text: String
        let context: String

        private enum CodingKeys: String, CodingKey {
            case text
            case context = "contextId"
        }
    }

    mutating func messages(context: String, text: String) -> [[UInt8]] {
        (current, hasAudio) = (context, false)
        // Strings can always be encoded. Texts are joined as they are, so each ends with a space.
        let message = try? JSONEncoder().encode(Text(text: text + " ", context: context))
        return message.map { [Array($0), Array(#"{"operation":"flush"}"#.utf8)] } ?? []
    }

    func cancellation(context: String, now: Duration) -> [UInt8]? { Array(#"{"operation":"clear"}"#.utf8) }

    private struct Wire: Decodable {
        struct Times: Decodable {
            let words: [String]
            let end: [Double]
        }
        let type: String
        let context: String?
        let data: String?
        let message: String?
        let times: Times?

        private enum CodingKeys: String, CodingKey {
            case type, data, message
            case context = "contextId"
            case times = "word_timestamps"
        }
    }

    mutating func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage {
        let data = unsafe bytes.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "chunk":
            guard let text = wire.data, let audio = Data(base64Encoded: text) else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "audio is not base64"))
            }
            // Audio without a label is nobody's: it may be of a text that was cleared.
            guard let context = wire.context else { return .other }
            if context == current { hasAudio = true }
            return .audio(context: context, audio: Array(audio), isLast: false)
        case "timestamps":
            // One without a label is of the text under way, if that has begun.
            guard let context = wire.context ?? (hasAudio ? current : nil), let times = wire.times else {
                return .other
            }
            return .timing(context: context, TimedPiece.words(times.words, ends: times.end))
        case "done":
            // One that names nothing may be what was left of a text that was cleared.
            guard let context = wire.context ?? (hasAudio ? current : nil) else { return .other }
            return .audio(context: context, audio: [], isLast: true)
        case "error":
            let words = wire.message ?? "no words"
            return .contextFailed(
                wire.context, SpeechError(.unavailable, operation: operation, provider: provider, detail: words))
        default: return .other
        }
    }
}
