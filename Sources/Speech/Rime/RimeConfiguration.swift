import AudioCore
import Networking

/// How to reach Rime's synthesis over its JSON WebSocket (`/ws3`).
package struct RimeConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    package var model: String
    /// The voice that speaks when the agent names none; the vendor calls it a speaker.
    package var voice: String
    /// BCP 47; nil takes the voice's own.
    package var language: String?

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// From the text to its first audio.
    package var firstAudioDeadline: Duration = .seconds(3)
    /// Between two pieces of audio.
    package var chunkDeadline: Duration = .seconds(2)

    package init(
        url: String = "wss://users-ws.rime.ai", apiKey: String, model: String = "coda", voice: String = "astra",
        language: String? = nil
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
        self.language = language
    }

    static let provider = "rime"
    static let operation = "GET /ws3"

    /// The handshake for one call's voice.
    func request(voice: String, format: AudioFormat) throws(SpeechError) -> WebSocketRequest {
        let voice = voice.isEmpty ? self.voice : voice
        guard voice.isVendorName, model.isVendorName else {
            throw refusal("'\(voice)' and '\(model)' must be the names of a speaker and a model")
        }
        let encoding: String
        switch format.encoding {
        case .mulaw where format.sampleRate == 8000: encoding = "mulaw"
        case .linear16: encoding = "pcm"
        default: throw refusal("a leg in \(format) is not offered")
        }
        let tag = language.flatMap { LanguageTag($0) }
        if let language, tag == nil { throw refusal("'\(language)' must be a language, such as es") }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 4 << 20, sendQueueBytes: 256 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            // What is synthesised is what is flushed: a text is a sentence already.
            url: "\(base)/ws3?speaker=\(voice)&modelId=\(model)&audioFormat=\(encoding)"
                + "&samplingRate=\(format.sampleRate)&segment=never"
                + (tag.map { "&lang=\(Self.languages[$0.primary] ?? $0.primary)" } ?? ""),
            headers: [("Authorization", "Bearer \(apiKey)")], openTimeout: connectDeadline, limits: limits)
    }

    /// The vendor's own words for languages; those of other models go as they are.
    private static let languages = ["en": "eng", "es": "spa", "fr": "fra", "de": "ger", "hi": "hin"]

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: Self.operation, provider: Self.provider, detail: detail)
    }
}
