import AudioCore
import Networking

/// How to reach Soniox' recognition in real time.
package struct SonioxConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    package var model: String
    /// BCP 47, or `multi`: then the vendor finds out which language is spoken.
    package var language: String
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long an answer to `finalize` may take.
    package var finalizeDeadline: Duration = .milliseconds(500)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://stt-rt.soniox.com", apiKey: String, model: String = "stt-rt-v5", language: String = "en",
        keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.language = language
        self.keyTerms = keyTerms
    }

    static let provider = "soniox"
    static let operation = "GET /transcribe-websocket"

    var detectsLanguage: Bool { language == "multi" }

    /// What a leg's audio is called, and its rate in Hz.
    func audio(of format: AudioFormat) throws(SpeechError) -> (name: String, rate: Int) {
        guard format.encoding != .linear16 else {
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law or A-law")
        }
        return (format.encoding.rawValue, format.sampleRate)
    }

    var request: WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        // The key may come in the first message in its place, but not in both.
        return WebSocketRequest(
            url: "\(base)/transcribe-websocket", headers: [("Authorization", "Bearer \(apiKey)")],
            openTimeout: connectDeadline, limits: limits)
    }
}
