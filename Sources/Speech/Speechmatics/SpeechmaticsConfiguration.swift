import Networking

/// How to reach Speechmatics' recognition in real time (v2), or a container of theirs.
package struct SpeechmaticsConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`.
    package var apiKey: String
    /// Nil for `enhanced`, or `melia-1` where the language is `multi`.
    package var model: String?
    /// BCP 47, or `multi`: then the vendor finds out which language is spoken.
    package var language: String
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// Within which a word becomes final, 700 ms ... 20 s.
    package var maximumDelay: Duration = .milliseconds(700)
    /// Silence after which the vendor ends an utterance by itself. Turns end by our own voice detector; this only makes the words
    /// final earlier.
    package var endOfUtterance: Duration = .milliseconds(500)
    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long an answer to `ForceEndOfUtterance` may take.
    package var finalizeDeadline: Duration = .milliseconds(900)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package init(
        url: String = "wss://eu2.rt.speechmatics.com", apiKey: String, model: String? = nil, language: String = "en",
        keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.language = language
        self.keyTerms = keyTerms
    }

    static let provider = "speechmatics"
    static let operation = "GET /v2"

    var detectsLanguage: Bool { language == "multi" }

    var request: WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v2", headers: [("Authorization", "Bearer \(apiKey)")], openTimeout: connectDeadline,
            limits: limits)
    }
}
