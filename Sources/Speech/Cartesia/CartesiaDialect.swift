import AudioCore
import Foundation

/// Cartesia's messages: one JSON shape for every text, audio as base64.
struct CartesiaDialect: ContextVoiceDialect {
    private let configuration: CartesiaConfiguration
    private let voice: String
    /// ISO 639-1, as the vendor wants it.
    private let language: String
    private let output: Output

    /// - Throws: ``SpeechError/Code/refused`` for a format that is not offered, or a language that is none.
    init(_ configuration: CartesiaConfiguration, voice: String, format: AudioFormat) throws(SpeechError) {
        self.configuration = configuration
        self.voice = voice.isEmpty ? configuration.voice : voice
        guard [8000, 16_000, 22_050, 24_000, 44_100, 48_000].contains(format.sampleRate) else {
            throw SpeechError(
                .refused, operation: CartesiaConfiguration.operation, provider: CartesiaConfiguration.provider,
                detail: "a leg in \(format) is not offered")
        }
        guard let tag = LanguageTag(configuration.language) else {
            throw SpeechError(
                .refused, operation: CartesiaConfiguration.operation, provider: CartesiaConfiguration.provider,
                detail: "'\(configuration.language)' must be a language, such as es")
        }
        language = tag.primary
        let encoding =
            switch format.encoding {
            case .mulaw: "pcm_mulaw"
            case .alaw: "pcm_alaw"
            case .linear16: "pcm_s16le"
            }
        output = Output(container: "raw", encoding: encoding, rate: format.sampleRate)
    }

    let provider = CartesiaConfiguration.provider
    let operation = CartesiaConfiguration.operation
    /// Sockets live five minutes without a message, and pings keep the line.
    let keepAlive: String? = nil
    let keepAliveInterval = Duration.seconds(60)
    let farewell: String? = nil

    var contexts: SpeechContexts.Settings {
        var settings = SpeechContexts.Settings()
        settings.connectDeadline = configuration.connectDeadline
        settings.firstAudioDeadline = configuration.firstAudioDeadline
        settings.chunkDeadline = configuration.chunkDeadline
        // The smallest plan has two contexts for all calls; one is spoken while the next is made.
        settings.maximumLive = 2
        settings.outlivesCancel = false
        settings.provider = provider
        return settings
    }

    private struct Output: Encodable, Sendable {
        let container: String
        let encoding: String
        let rate: Int

        private enum CodingKeys: String, CodingKey {
            case container, encoding
            case rate = "sample_rate"
        }
    }

    private struct Voice: Encodable {
        let mode = "id"
        let id: String
    }

    private struct Request: Encodable {
        let context: String
        let model: String
        let transcript: String
        let voice: Voice
        let language: String
        let output: Output
        let goesOn = false
        let bufferDelay = 0
        let tellsTimes = true

        private enum CodingKeys: String, CodingKey {
            case transcript, voice, language
            case context = "context_id"
            case model = "model_id"
            case output = "output_format"
            case goesOn = "continue"
            // A whole sentence is sent at once: there is nothing to wait for.
            case bufferDelay = "max_buffer_delay_ms"
            case tellsTimes = "add_timestamps"
        }
    }

    private struct Cancellation: Encodable {
        let context: String
        let cancel = true

        private enum CodingKeys: String, CodingKey {
            case cancel
            case context = "context_id"
        }
    }

    func messages(context: String, text: String) -> [[UInt8]] {
        let request = Request(
            context: context, model: configuration.model, transcript: text, voice: Voice(id: voice),
            language: language, output: output)
        // Strings can always be encoded.
        return (try? JSONEncoder().encode(request)).map { [Array($0)] } ?? []
    }

    func cancellation(context: String, now: Duration) -> [UInt8]? {
        (try? JSONEncoder().encode(Cancellation(context: context))).map { Array($0) }
    }

    private struct Wire: Decodable {
        struct Times: Decodable {
            let words: [String]
            let end: [Double]
        }
        let type: String
        let context: String?
        let data: String?
        let status: Int?
        let title: String?
        let message: String?
        let error: String?
        let times: Times?

        private enum CodingKeys: String, CodingKey {
            case times = "word_timestamps"
            case type, data, title, message, error
            case context = "context_id"
            case status = "status_code"
        }
    }

    func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage {
        let data = unsafe bytes.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "chunk":
            guard let context = wire.context, let text = wire.data, let audio = Data(base64Encoded: text) else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "audio is not base64"))
            }
            return .audio(context: context, audio: Array(audio), isLast: false)
        case "timestamps":
            guard let context = wire.context, let times = wire.times else { return .other }
            return .timing(context: context, TimedPiece.words(times.words, ends: times.end))
        case "done":
            guard let context = wire.context else { return .other }
            return .audio(context: context, audio: [], isLast: true)
        case "error":
            return .contextFailed(
                wire.context,
                SpeechError(
                    Self.code(wire.status), operation: operation, provider: provider,
                    detail: wire.message ?? wire.error ?? wire.title ?? "no words"))
        default: return .other
        }
    }

    private static func code(_ status: Int?) -> SpeechError.Code {
        switch status {
        case 401, 402, 403: .unauthorized
        case 429: .overloaded
        case .some(let status) where (400..<500).contains(status): .refused
        default: .unavailable
        }
    }
}
