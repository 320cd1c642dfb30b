/// How to reach OpenAI's `/v1/audio/transcriptions`, or a server that speaks it (speaches, whisper.cpp, vLLM, Groq and
/// others).
package struct TranscriptionConfiguration: Sendable, Equatable {
    /// `https://` or `http://`, host, port and `/v1`; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`; empty sends none.
    package var apiKey: String
    package var model: String
    /// ISO 639-1; empty lets the server find out.
    package var language: String

    /// Audio before the voice detector's verdict that belongs to the utterance.
    package var preRoll: Duration = .milliseconds(300)
    /// What an utterance holds beyond this is not sent.
    package var maximumUtterance: Duration = .seconds(30)
    /// From the request to its answer.
    package var answerDeadline: Duration = .seconds(5)

    package init(
        url: String = "https://api.openai.com/v1", apiKey: String = "", model: String = "gpt-transcribe",
        language: String = "en"
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.language = language
    }

    static let provider = "openai-transcription"
    static let operation = "POST /audio/transcriptions"
}
