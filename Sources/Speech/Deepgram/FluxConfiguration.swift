import AudioCore
import Networking

/// How to reach Deepgram's turn-aware recognition (Flux, `/v2/listen`), or a self-hosted server that speaks it.
package struct FluxConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Token …`.
    package var apiKey: String
    package var model: String
    /// BCP 47: what the multilingual model should expect; the others have one language.
    package var languageHints: [String]
    /// How sure Flux must be that the turn has ended, 0.5 ... 0.9.
    package var endOfTurnThreshold: Double
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long an answer to `ForceEndTurn` may take; there is none when no turn is open.
    package var finalizeDeadline: Duration = .milliseconds(400)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://api.deepgram.com", apiKey: String, model: String = "flux-general-en",
        languageHints: [String] = [], endOfTurnThreshold: Double = 0.7, keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.languageHints = languageHints
        self.endOfTurnThreshold = endOfTurnThreshold
        self.keyTerms = keyTerms
    }

    static let provider = "deepgram-flux"
    static let operation = "GET /v2/listen"

    /// The handshake for one leg.
    func request(format: AudioFormat, vocabulary: SpeechVocabulary) throws(SpeechError) -> WebSocketRequest {
        guard format.encoding != .linear16 else {
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law or A-law")
        }
        var query = [
            ("model", model), ("encoding", format.encoding.rawValue), ("sample_rate", String(format.sampleRate)),
            ("eot_threshold", String(endOfTurnThreshold)),
        ]
        // Other models refuse it.
        if model.hasSuffix("-multi") { for hint in languageHints { query.append(("language_hint", hint)) } }
        for term in KeyTerms.of(vocabulary, first: keyTerms) { query.append(("keyterm", term)) }
        let text = query.map { "\($0.0)=\(QueryText.escaped($0.1))" }.joined(separator: "&")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v2/listen?\(text)", headers: [("Authorization", "Token \(apiKey)")],
            openTimeout: connectDeadline, limits: limits)
    }
}
