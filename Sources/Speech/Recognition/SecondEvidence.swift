/// What speaks for and against the words that two recognizers agreed upon; part of ``UtteranceEvidence``.
package struct SecondEvidence: Sendable, Equatable, Codable {
    /// Natural logarithm of the second recognizer's probability of the words, divided by their number.
    package var sound: Double
    /// Natural logarithm of the language model's probability, likewise.
    package var language: Double
    /// Share of the words that the first recognizer heard at the same place, 0...1.
    package var agreement: Double
    /// Share of words that the language model does not know, 0...1.
    package var unknownShare: Double
    /// Share of words that no sentence of the task holds, 0...1.
    package var strangeShare: Double
    /// How far the next best words are behind, in natural logarithms; at most 10.
    package var lead: Double
    /// Number of words.
    package var words: Double
    /// Words a second.
    package var rate: Double
}
