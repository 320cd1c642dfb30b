import AudioCore
import Networking

/// How to reach Cartesia's synthesis (Sonic) over its WebSocket.
package struct CartesiaConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    package var model: String
    /// The id of the voice that speaks when the agent names none.
    package var voice: String
    /// BCP 47, of which the vendor is told the language.
    package var language: String

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// From the text to its first audio.
    package var firstAudioDeadline: Duration = .seconds(3)
    /// Between two pieces of audio.
    package var chunkDeadline: Duration = .seconds(2)

    package init(
        url: String = "wss://api.cartesia.ai", apiKey: String, model: String = "sonic-3.5",
        voice: String = "694f9389-aac1-45b6-b726-9d9369183238", language: String = "en"
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
        self.language = language
    }

    static let provider = "cartesia"
    static let operation = "GET /tts/websocket"
    /// The version of the protocol that is spoken here.
    static let version = "2026-08-14"

    var request: WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 4 << 20, sendQueueBytes: 256 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/tts/websocket",
            headers: [("Authorization", "Bearer \(apiKey)"), ("Cartesia-Version", Self.version)],
            openTimeout: connectDeadline, limits: limits)
    }
}
