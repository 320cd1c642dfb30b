import Networking

/// How to reach a model that hears and speaks by OpenAI's realtime protocol (`/v1/realtime?model=…`).
package struct RealtimeConversationConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host, port and `/v1`; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    package var model: String
    /// How much the model thinks, in the vendor's words; nil leaves it to the vendor.
    package var effort: String?
    /// The vendor's name of the voice.
    package var voice: String
    /// Writes down what the caller said.
    package var transcriptionModel = "gpt-transcribe"
    /// ISO 639-1, of what the caller says; empty lets the vendor find out.
    package var language: String

    /// The vendor ends a session after 60 minutes.
    package var settings = RealtimeSettings(renewalAge: .seconds(55 * 60))

    package init(
        url: String = "wss://api.openai.com/v1", apiKey: String, model: String = "gpt-realtime-2",
        voice: String = "marin", language: String = "en"
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
        self.language = language
    }

    static let provider = "openai-speech-to-speech"
    static let operation = "GET /v1/realtime"

    var request: WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 4 << 20, sendQueueBytes: 512 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/realtime?model=\(QueryText.escaped(model))",
            headers: [("Authorization", "Bearer \(apiKey)")], openTimeout: settings.connectDeadline, limits: limits)
    }
}
