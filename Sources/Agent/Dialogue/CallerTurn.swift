/// One turn of the caller, as recognized.
package struct CallerTurn: Sendable, Equatable {
    /// The number of the turn in the call, counting from 1. Part of every idempotency key.
    package var number: Int
    /// Lower-case words separated by single spaces when the recognizer is embedded; any text otherwise. Empty where whoever
    /// answers has heard the turn and nobody has written it down yet.
    package var text: String
    /// Calibrated probability that `text` is what was said, 0...1; 0 without a text.
    package var confidence: Double
    /// What it was said in, as a tag after BCP 47, where the recognizer tells languages apart.
    package var language: String?

    package init(number: Int, text: String, confidence: Double, language: String? = nil) {
        self.number = number
        self.text = text
        self.confidence = confidence
        self.language = language
    }

    /// Nobody knows its words yet.
    package var isWordless: Bool { text.isEmpty }
}
