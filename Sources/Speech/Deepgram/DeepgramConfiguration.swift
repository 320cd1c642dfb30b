/// How to reach Deepgram's live recognition (`/v1/listen`), or a self-hosted server that speaks it.
package struct DeepgramConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Token …`.
    package var apiKey: String
    package var model: String
    /// BCP-47, or `multi`.
    package var language: String
    /// Silence after which Deepgram ends a segment by itself, 10 ms ... 5 s. Turns end by our own voice detector; this
    /// only makes the words final earlier.
    package var endpointing: Duration
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// Audio in one frame, 20 ... 250 ms.
    package var frameDuration: Duration = .milliseconds(80)
    /// The same while nobody speaks.
    package var restFrameDuration: Duration = .milliseconds(240)
    /// Audio kept for a replay after the connection broke.
    package var history: Duration = .seconds(15)
    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// While somebody speaks, a connection that says nothing for so long is taken for dead.
    package var firstResultDeadline: Duration = .seconds(5)
    /// How long an answer to `Finalize` may take; Deepgram does not promise one when it holds little audio.
    package var finalizeDeadline: Duration = .milliseconds(500)
    /// The same when Deepgram had already seen the end of the speech, so that only silence is left to decode.
    package var settledFinalizeDeadline: Duration = .milliseconds(200)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)
    /// Deepgram closes after 10 s without a message.
    package var keepAliveInterval: Duration = .seconds(4)
    /// Audio before the voice detector's verdict that belongs to the utterance.
    package var preRoll: Duration = .milliseconds(300)

    package init(
        url: String = "wss://api.deepgram.com", apiKey: String, model: String = "nova-3", language: String = "en",
        endpointing: Duration = .milliseconds(300), keyTerms: [String] = []
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.language = language
        self.endpointing = endpointing
        self.keyTerms = keyTerms
    }
}
