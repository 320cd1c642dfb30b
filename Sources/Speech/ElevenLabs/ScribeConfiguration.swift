import AudioCore
import Networking

/// How to reach ElevenLabs' recognition in real time (Scribe).
package struct ScribeConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added. Regional hosts are `api.us.elevenlabs.io` and others.
    package var url: String
    /// Sent as `xi-api-key`.
    package var apiKey: String
    package var model: String
    /// BCP 47, or `multi`: then the vendor finds out which language is spoken.
    package var language: String
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// From the end of an utterance to its words.
    package var finalizeDeadline: Duration = .seconds(1)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://api.elevenlabs.io", apiKey: String, model: String = "scribe_v2_realtime",
        language: String = "en", keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.language = language
        self.keyTerms = keyTerms
    }

    static let provider = "elevenlabs-scribe"
    static let operation = "GET /v1/speech-to-text/realtime"

    var detectsLanguage: Bool { language == "multi" }

    /// The handshake for one leg.
    func request(format: AudioFormat, vocabulary: SpeechVocabulary) throws(SpeechError) -> WebSocketRequest {
        guard format.encoding == .mulaw, format.sampleRate == 8000 else {
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use 8 kHz µ-law")
        }
        var query = [
            ("model_id", model), ("audio_format", "ulaw_8000"), ("commit_strategy", "manual"),
            ("include_timestamps", "true"),
        ]
        if !detectsLanguage { query.append(("language_code", String(language.prefix { $0 != "-" }))) }
        // The vendor takes fifty of them, of 20 characters each.
        for term in KeyTerms.of(vocabulary, first: keyTerms).filter({ $0.count <= 20 }).prefix(50) {
            query.append(("keyterms", term))
        }
        let text = query.map { "\($0.0)=\(QueryText.escaped($0.1))" }.joined(separator: "&")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 256 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v1/speech-to-text/realtime?\(text)", headers: [("xi-api-key", apiKey)],
            openTimeout: connectDeadline, limits: limits)
    }
}
