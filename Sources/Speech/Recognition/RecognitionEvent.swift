/// The number of one caller utterance within its call, counting from 1.
package struct UtteranceID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    package let rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    package var next: Self { Self(rawValue + 1) }
    package var description: String { "u\(rawValue)" }
}

package enum RecognitionEvent: Sendable, Equatable {
    /// Replaces the previous interim of the same utterance.
    case interim(Transcript)
    /// The caller paused: these are the utterance's words if nothing more is said. The `final` may still differ.
    case provisional(Transcript)
    /// The words of the utterance. Nothing about it follows.
    case final(Transcript)
    /// An engine that answers what it hears has the whole utterance: nobody need wait for its words. They still come, as
    /// `final`, `nothingHeard` or `failed`.
    case taken(UtteranceID)
    /// The utterance held no speech that could be decoded.
    case nothingHeard(UtteranceID)
    /// The provider believes the turn ended with this probability, 0...1.
    case endOfTurn(UtteranceID, probability: Double)
    /// The utterance is lost, or the whole session if `UtteranceID` is nil.
    case failed(UtteranceID?, SpeechError)
}

/// What was recognized, and how sure the recognizer is of it.
package struct Transcript: Sendable, Equatable, Codable {
    package struct Word: Sendable, Equatable, Codable {
        package var text: String
        /// Samples since the start of the utterance, at the leg's rate.
        package var start: Int
        /// Samples since the start of the utterance, at the leg's rate.
        package var end: Int
        /// 0...1.
        package var confidence: Double

        package init(text: String, start: Int, end: Int, confidence: Double) {
            self.text = text
            self.start = start
            self.end = end
            self.confidence = confidence
        }
    }

    package var utterance: UtteranceID
    /// Lower-case words separated by single spaces, digits spoken as words.
    package var text: String
    package var words: [Word]
    /// Calibrated probability that `text` is what was said, 0...1.
    package var confidence: Double
    /// The recognizer's own verdict that the speech was outside the task's language. Such a transcript must not be acted upon.
    package var isOutOfTask: Bool
    /// The language that was spoken, as BCP 47 writes it (`es`, `pt-BR`), where the recognizer tells it.
    package var language: String?
    /// What the confidence was computed from, where the recognizer is ours.
    package var evidence: UtteranceEvidence?

    package init(
        utterance: UtteranceID, text: String, words: [Word] = [], confidence: Double, isOutOfTask: Bool = false,
        language: String? = nil, evidence: UtteranceEvidence? = nil
    ) {
        self.utterance = utterance
        self.text = text
        self.words = words
        self.confidence = confidence
        self.isOutOfTask = isOutOfTask
        self.language = language
        self.evidence = evidence
    }
}
