/// How a recording lies on the disk.
package enum RecordingFormat: String, Sendable, Codable, CaseIterable {
    case wave = "wav"
    /// Encrypted; see ``SealedReader``.
    case sealed

    /// What its file's name ends with.
    package var suffix: String { "." + rawValue }
}
