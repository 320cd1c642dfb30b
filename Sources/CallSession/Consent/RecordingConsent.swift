/// Whether a call may be recorded, as its caller was told or has said. Goes into the call's record.
package struct RecordingConsent: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// The caller has not heard the announcement or answered the question: nothing is recorded.
        case pending
        /// The caller has heard that the call is recorded.
        case announced
        case granted
        /// The caller said no, or nothing that was a yes.
        case refused
        /// The caller no longer wants it.
        case withdrawn
        /// It could not be said or asked to the end: an operator took the line, or there was no voice.
        case unasked
    }

    /// What it rests on.
    package enum Evidence: String, Sendable, Codable {
        case words, key
        /// What the caller has heard.
        case announcement
        /// Answers that were neither yes nor no.
        case unclear
        case silence
    }

    package var state = State.pending
    /// When it came to that, in samples since the media started.
    package var position = 0
    package var evidence: Evidence?

    /// Whether what both sides say may be kept.
    package var allowsRecording: Bool { state == .announced || state == .granted }
}
