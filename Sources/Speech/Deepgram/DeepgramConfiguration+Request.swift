import AudioCore
import Networking

extension DeepgramConfiguration {
    static let provider = "deepgram"
    static let operation = "GET /v1/listen"

    /// The handshake for one leg.
    ///
    /// Neither punctuation nor numerals are asked for: a transcript is words.
    func request(format: AudioFormat, vocabulary: SpeechVocabulary) throws(SpeechError) -> WebSocketRequest {
        guard format.encoding != .linear16 else {
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law or A-law")
        }
        var query = [
            ("model", model), ("language", language), ("encoding", format.encoding.rawValue),
            ("sample_rate", String(format.sampleRate)), ("channels", "1"), ("interim_results", "true"),
            ("endpointing", String(Int(endpointing / .milliseconds(1)))),
        ]
        for term in KeyTerms.of(vocabulary, first: keyTerms) { query.append(("keyterm", term)) }
        let text = query.map { "\($0.0)=\(QueryText.escaped($0.1))" }.joined(separator: "&")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        // A quiet server is normal while nobody speaks; pongs keep the connection proven.
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v1/listen?\(text)", headers: [("Authorization", "Token \(apiKey)")],
            openTimeout: connectDeadline, limits: limits)
    }
}
