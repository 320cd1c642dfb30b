import AudioCore
import Networking

/// How to reach Deepgram's turn-based synthesis (Flux TTS, `/v2/speak`), or a self-hosted server that speaks it.
package struct FluxVoiceConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Token …`.
    package var apiKey: String
    /// The voice that speaks when the agent names none: `flux-VOICE-LANGUAGE`; the vendor counts it as a model.
    package var voice: String

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// From the text to its first audio.
    package var firstAudioDeadline: Duration = .seconds(3)
    /// Between two pieces of audio.
    package var chunkDeadline: Duration = .seconds(2)

    package init(url: String = "wss://api.deepgram.com", apiKey: String, voice: String = "flux-alexis-en") {
        self.url = url
        self.apiKey = apiKey
        self.voice = voice
    }

    static let provider = "deepgram-flux-voice"
    static let operation = "GET /v2/speak"

    /// The handshake for one call's voice.
    func request(voice: String, format: AudioFormat) throws(SpeechError) -> WebSocketRequest {
        let voice = voice.isEmpty ? self.voice : voice
        guard voice.isVendorName else {
            throw refusal("'\(voice)' must be the name of a voice, such as flux-alexis-en")
        }
        let rates =
            format.encoding == .linear16 ? [8000, 16_000, 24_000, 32_000, 44_100, 48_000] : [8000, 16_000]
        guard rates.contains(format.sampleRate) else { throw refusal("a leg in \(format) is not offered") }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 4 << 20, sendQueueBytes: 256 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v2/speak?model=\(voice)&encoding=\(format.encoding.rawValue)"
                + "&sample_rate=\(format.sampleRate)",
            headers: [("Authorization", "Token \(apiKey)")], openTimeout: connectDeadline, limits: limits)
    }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: Self.operation, provider: Self.provider, detail: detail)
    }
}
