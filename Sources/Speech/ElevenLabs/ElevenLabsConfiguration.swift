import AudioCore
import Networking

/// How to reach ElevenLabs' synthesis over the multi-context WebSocket, or a server that speaks it.
package struct ElevenLabsConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `xi-api-key`.
    package var apiKey: String
    /// `eleven_v3` is not available on this socket.
    package var model: String
    /// The id of the voice that speaks when the agent names none.
    package var voice: String
    /// 0 ... 1; nil leaves it to the voice.
    package var stability: Double?
    /// 0 ... 1; nil leaves it to the voice.
    package var similarity: Double?
    /// 0.7 ... 1.2; nil leaves it to the voice.
    package var speed: Double?
    /// BCP 47, of which the vendor is told the language; nil leaves it to the words.
    package var language: String?

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// From the text to its first audio.
    package var firstAudioDeadline: Duration = .seconds(3)
    /// Between two pieces of audio.
    package var chunkDeadline: Duration = .seconds(2)
    /// The socket closes after three minutes without a message.
    package var keepAliveInterval: Duration = .seconds(15)

    package init(
        url: String = "wss://api.elevenlabs.io", apiKey: String, model: String = "eleven_flash_v2_5",
        voice: String = "21m00Tcm4TlvDq8ikWAM", stability: Double? = nil, similarity: Double? = nil,
        speed: Double? = nil, language: String? = nil
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
        self.stability = stability
        self.similarity = similarity
        self.speed = speed
        self.language = language
    }

    static let provider = "elevenlabs"
    static let operation = "GET /v1/text-to-speech"

    /// The handshake for one call's voice.
    func request(voice: String, format: AudioFormat) throws(SpeechError) -> WebSocketRequest {
        let voice = voice.isEmpty ? self.voice : voice
        guard voice.isVendorName, model.isVendorName else {
            throw refusal("'\(voice)' and '\(model)' must be the ids of a voice and a model")
        }
        guard let outputFormat = Self.outputFormat(format) else { throw refusal("a leg in \(format) is not offered") }
        let tag = language.flatMap { LanguageTag($0) }
        if let language, tag == nil { throw refusal("'\(language)' must be a language, such as es") }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 4 << 20, sendQueueBytes: 256 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v1/text-to-speech/\(voice)/multi-stream-input?model_id=\(model)"
                + "&output_format=\(outputFormat)&inactivity_timeout=180&sync_alignment=true"
                + (tag.map { "&language_code=\($0.primary)" } ?? ""),
            headers: [("xi-api-key", apiKey)], openTimeout: connectDeadline, limits: limits)
    }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: Self.operation, provider: Self.provider, detail: detail)
    }

    static func outputFormat(_ format: AudioFormat) -> String? {
        switch (format.encoding, format.sampleRate) {
        case (.mulaw, 8000): "ulaw_8000"
        case (.alaw, 8000): "alaw_8000"
        case (.linear16, 8000), (.linear16, 16_000), (.linear16, 22_050), (.linear16, 24_000), (.linear16, 44_100):
            "pcm_\(format.sampleRate)"
        default: nil
        }
    }
}
