/// A finished recording.
package struct RecordingSummary: Sendable, Equatable {
    /// Nil when no file could be made.
    package let path: String?
    /// Samples of each leg in the file: the call's length, or less after a fault.
    package let samples: Int
    /// What went wrong, in words; nil when the file is whole.
    package let fault: String?
    package var format = RecordingFormat.wave
    /// Of the file's bytes, hexadecimal, after it was closed; nil where it could not be read again.
    package var sha256: String?
    /// What of it is silence by intent.
    package var redactions: [RecordingRedaction] = []
}
