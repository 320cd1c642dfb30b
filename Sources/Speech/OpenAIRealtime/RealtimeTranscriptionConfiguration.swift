import AudioCore
import Networking

/// How to reach OpenAI's realtime transcription (`/v1/realtime?intent=transcription`).
package struct RealtimeTranscriptionConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host, port and `/v1`; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    package var model: String
    /// ISO 639-1; empty lets the vendor find out.
    package var language: String

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// From the end of an utterance to its words.
    package var finalizeDeadline: Duration = .seconds(2)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://api.openai.com/v1", apiKey: String, model: String = "gpt-realtime-whisper",
        language: String = "en"
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.language = language
    }

    static let provider = "openai-realtime"
    static let operation = "GET /v1/realtime"

    var request: WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 256 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/realtime?intent=transcription", headers: [("Authorization", "Bearer \(apiKey)")],
            openTimeout: connectDeadline, limits: limits)
    }
}
