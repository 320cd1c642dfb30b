import AudioCore
import Networking

/// How to reach Cartesia's recognition that finds ends of turns itself (Ink, `/stt/turns/websocket`).
package struct InkConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    package var model: String
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// Silence after which a turn is over at the latest, 640 ms ... 11.2 s. Turns end by our own voice detector; this only
    /// makes the words final.
    package var turnEndTimeout: Duration = .milliseconds(640)
    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long the end of a turn is waited for after the end of an utterance: there is no asking for it.
    package var finalizeDeadline: Duration = .milliseconds(600)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://api.cartesia.ai", apiKey: String, model: String = "ink-2", keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.keyTerms = keyTerms
    }

    static let provider = "cartesia-ink"
    static let operation = "GET /stt/turns/websocket"

    /// The handshake for one leg.
    func request(format: AudioFormat, vocabulary: SpeechVocabulary) throws(SpeechError) -> WebSocketRequest {
        let encoding: String
        switch format.encoding {
        case .mulaw: encoding = "pcm_mulaw"
        case .alaw: encoding = "pcm_alaw"
        case .linear16:
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law or A-law")
        }
        var query = [
            ("model", model), ("encoding", encoding), ("sample_rate", String(format.sampleRate)),
            ("turn_end_timeout_ms", String(Int(turnEndTimeout / .milliseconds(1)))),
        ]
        // The vendor takes 1200 characters in all.
        var room = 1200
        for term in KeyTerms.of(vocabulary, first: keyTerms) {
            room -= term.count
            guard room >= 0 else { break }
            query.append(("keyterm", term))
        }
        let text = query.map { "\($0.0)=\(QueryText.escaped($0.1))" }.joined(separator: "&")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/stt/turns/websocket?\(text)",
            headers: [("Authorization", "Bearer \(apiKey)"), ("Cartesia-Version", CartesiaConfiguration.version)],
            openTimeout: connectDeadline, limits: limits)
    }
}
