/// What speaks for and against the words that were recognized. ``ConfidenceModel`` makes a probability of it.
///
/// It travels with the transcript into the journal, so that the model can be fitted again from calls that were held.
package struct UtteranceEvidence: Sendable, Equatable, Codable {
    /// Natural logarithm of the likelihood of the words' sound, a mean over their 10 ms frames, relative to each frame's
    /// best state. 0 is perfect.
    package var acoustic: Double
    /// Natural logarithm of the best path's probability among all paths, divided by its words.
    package var path: Double
    /// Mean of the words' posterior probabilities, 0...1.
    package var meanWord: Double
    /// The least of them.
    package var weakestWord: Double
    /// Natural logarithm of the language model's probability, a mean over the words.
    package var language: Double
    /// Share of words that no sentence of the task holds, 0...1.
    package var strangeShare: Double
    /// Share of words that follow no word they follow in the task's sentences, 0...1.
    package var backedOffShare: Double
    /// Number of words.
    package var words: Double
    /// Mean length of a word, in 10 ms frames.
    package var framesPerWord: Double
    /// Share of the utterance that is filled by words, 0...1.
    package var filled: Double
    /// Between the loud and the quiet 10 ms of the utterance, dB.
    package var contrast: Double
    /// What a second recognizer says, where one listened.
    package var second: SecondEvidence?
}
