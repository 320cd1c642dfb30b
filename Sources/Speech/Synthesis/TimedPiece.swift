/// A piece of a text, and when a voice has said it.
package struct TimedPiece: Sendable, Equatable {
    package var text: String
    /// Seconds.
    package var end: Double

    package init(_ text: String, end: Double) {
        self.text = text
        self.end = end
    }

    /// Words with nothing between them, as vendors tell them, as pieces of a text.
    static func words(_ words: [String], ends: [Double]) -> [TimedPiece] {
        zip(words, ends).flatMap { [TimedPiece($0, end: $1), TimedPiece(" ", end: $1)] }
    }
}
