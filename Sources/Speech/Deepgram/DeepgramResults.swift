/// One `Results` message: the words in a stretch of audio.
package struct DeepgramResults: Sendable, Equatable {
    package struct Word: Sendable, Equatable, Decodable {
        package var word: String
        /// Seconds since the connection's first sample.
        package var start: Double
        /// Seconds since the connection's first sample.
        package var end: Double
        package var confidence: Double

        package init(word: String, start: Double, end: Double, confidence: Double) {
            self.word = word
            self.start = start
            self.end = end
            self.confidence = confidence
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
    /// Whether a `Finalize` caused it.
    package var fromFinalize: Bool
    package var transcript: String
    package var confidence: Double
    package var words: [Word]

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

extension DeepgramResults: Decodable {
    private enum CodingKeys: String, CodingKey {
        case start, duration, channel
        case isFinal = "is_final"
        case speechFinal = "speech_final"
        case fromFinalize = "from_finalize"
    }

    private struct Channel: Decodable {
        struct Alternative: Decodable {
            let transcript: String
            let confidence: Double?
            let words: [Word]?
        }
        let alternatives: [Alternative]
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        start = try container.decode(Double.self, forKey: .start)
        duration = try container.decode(Double.self, forKey: .duration)
        isFinal = try container.decodeIfPresent(Bool.self, forKey: .isFinal) ?? false
        speechFinal = try container.decodeIfPresent(Bool.self, forKey: .speechFinal) ?? false
        fromFinalize = try container.decodeIfPresent(Bool.self, forKey: .fromFinalize) ?? false
        let best = try container.decode(Channel.self, forKey: .channel).alternatives.first
        transcript = best?.transcript ?? ""
        confidence = best?.confidence ?? 0
        words = best?.words ?? []
    }

    /// Whether its times can be times.
    var isPlausible: Bool {
        start.isFinite && duration.isFinite && start >= 0 && duration >= 0 && start < 1e6 && duration < 1e6
    }
}
