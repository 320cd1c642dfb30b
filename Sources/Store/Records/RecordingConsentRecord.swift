/// Whether a call might be recorded: what its caller was told or asked, and said.
package struct RecordingConsentRecord: Sendable, Equatable, Codable {
    /// `announce` or `ask`.
    package var mode: String
    /// `pending`, `announced`, `granted`, `refused`, `withdrawn`, `unasked`.
    package var state: String
    /// When it came to that, in samples at 8 kHz since the media started.
    package var position: Int
    /// What it rests on: `words`, `key`, `announcement`, `unclear`, `silence`.
    package var evidence: String?

    package init(mode: String, state: String, position: Int, evidence: String? = nil) {
        self.mode = mode
        self.state = state
        self.position = position
        self.evidence = evidence
    }
}
