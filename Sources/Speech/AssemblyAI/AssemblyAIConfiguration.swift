import AudioCore
import Foundation
import Networking

/// How to reach AssemblyAI's Universal-Streaming (v3).
package struct AssemblyAIConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added. The EU's is `streaming.eu.assemblyai.com`.
    package var url: String
    /// Sent as `Authorization`, as it is.
    package var apiKey: String
    package var model: String
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long an answer to `ForceEndpoint` may take; there is none when no turn is open.
    package var finalizeDeadline: Duration = .milliseconds(500)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://streaming.assemblyai.com", apiKey: String, model: String = "universal-streaming-english",
        keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.keyTerms = keyTerms
    }

    static let provider = "assemblyai"
    static let operation = "GET /v3/ws"

    /// The handshake for one leg.
    func request(format: AudioFormat, vocabulary: SpeechVocabulary) throws(SpeechError) -> WebSocketRequest {
        guard format.encoding == .mulaw else {
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law")
        }
        var query = [
            ("sample_rate", String(format.sampleRate)), ("encoding", "pcm_mulaw"), ("speech_model", model),
            ("format_turns", "false"),
        ]
        let terms = KeyTerms.of(vocabulary, first: keyTerms)
        if !terms.isEmpty, let list = try? JSONEncoder().encode(terms) {
            query.append(("keyterms_prompt", String(decoding: list, as: UTF8.self)))
        }
        let text = query.map { "\($0.0)=\(QueryText.escaped($0.1))" }.joined(separator: "&")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v3/ws?\(text)", headers: [("Authorization", apiKey)], openTimeout: connectDeadline,
            limits: limits)
    }
}
