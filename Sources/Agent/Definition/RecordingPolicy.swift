/// How a caller is told that the call is recorded, or asked whether it may be, and in which words.
package struct RecordingPolicy: Sendable, Equatable, Codable {
    package enum Consent: String, Sendable, Codable, CaseIterable {
        /// Said first; recorded from when the caller has heard it.
        case announce
        /// Asked first; recorded from a yes on.
        case ask
    }

    /// What becomes of a recording whose caller no longer wants it.
    package enum Withdrawal: String, Sendable, Codable, CaseIterable {
        case delete, keep
    }

    package var consent: Consent
    /// The announcement, or the question, to which yes means that the call may be recorded.
    package var say: String
    /// The question once more, after an answer that was neither.
    package var again: String
    /// Said after a yes; empty for nothing.
    package var agreed: String
    /// Said after a no; empty for nothing.
    package var refused: String
    /// Said when the caller wants the recording to stop.
    package var stopped: String
    package var withdrawal = Withdrawal.delete
    /// Keys that answer the question.
    package var agreeKey = "1"
    package var refuseKey = "2"

    /// In the usual words of a language.
    package init(_ consent: Consent, language: SpokenLanguage = .english) {
        self.consent = consent
        say = (consent == .announce ? UsualSentence.recorded : .mayRecord).text(in: language)
        again = UsualSentence.mayRecordAgain.text(in: language)
        agreed = UsualSentence.mayBeRecorded.text(in: language)
        refused = UsualSentence.notRecorded.text(in: language)
        stopped = UsualSentence.recordingStopped.text(in: language)
    }
}
