/// The words in a stretch of audio, as a vendor reports them.
package struct RecognizedSegment: Sendable, Equatable {
    package struct Word: Sendable, Equatable, Decodable {
        package var word: String
        /// Seconds since the connection's first sample.
        package var start: Double
        /// Seconds since the connection's first sample.
        package var end: Double
        package var confidence: Double
        /// In the vendor's words, where it tells the language of each.
        package var language: String?

        package init(word: String, start: Double, end: Double, confidence: Double, language: String? = nil) {
            self.word = word
            self.start = start
            self.end = end
            self.confidence = confidence
            self.language = language
        }
    }

    /// Seconds since the connection's first sample.
    package var start: Double
    /// Seconds.
    package var duration: Double
    /// Whether these words will not change any more.
    package var isFinal: Bool
    /// Whether an endpoint was found; implies ``isFinal``.
    package var speechFinal: Bool
    /// Whether our asking for the rest of an utterance caused it.
    package var fromFinalize: Bool
    package var transcript: String
    package var confidence: Double
    package var words: [Word]
    /// The vendor's belief that the turn has ended, 0...1, where it has one.
    package var endOfTurn: Double?
    /// The language that was heard, in the vendor's words, where it tells one.
    package var language: String?

    package init(
        start: Double, duration: Double, isFinal: Bool, speechFinal: Bool = false, fromFinalize: Bool = false,
        transcript: String, confidence: Double = 0.9, words: [Word] = []
    ) {
        self.start = start
        self.duration = duration
        self.isFinal = isFinal
        self.speechFinal = speechFinal
        self.fromFinalize = fromFinalize
        self.transcript = transcript
        self.confidence = confidence
        self.words = words
    }
}

extension RecognizedSegment {
    /// Of what a vendor gives no certainty for.
    static let usualConfidence = 0.85

    /// How sure a vendor is of words together.
    static func confidence(of words: [Word]) -> Double { mean(words.map(\.confidence)) }

    /// - Returns: ``usualConfidence`` for none.
    static func mean(_ confidences: [Double]) -> Double {
        confidences.isEmpty ? usualConfidence : confidences.reduce(0, +) / Double(confidences.count)
    }

    /// Whether its times can be times.
    var isPlausible: Bool {
        start.isFinite && duration.isFinite && start >= 0 && duration >= 0 && start < 1e6 && duration < 1e6
    }
}
