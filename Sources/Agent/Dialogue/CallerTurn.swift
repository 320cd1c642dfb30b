/// One turn of the caller, as recognized.
package struct CallerTurn: Sendable, Equatable {
    /// The number of the turn in the call, counting from 1. Part of every idempotency key.
    package var number: Int
    /// Lower-case words separated by single spaces when the recognizer is embedded; any text otherwise.
    package var text: String
    /// Calibrated probability that `text` is what was said, 0...1.
    package var confidence: Double

    package init(number: Int, text: String, confidence: Double) {
        self.number = number
        self.text = text
        self.confidence = confidence
    }
}
