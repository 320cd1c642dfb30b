extension Schema {
    /// Step 27: whether a call might be recorded, as JSON; null where nobody was told or asked.
    static let recordingConsents = "ALTER TABLE calls ADD COLUMN recording_consent TEXT;"
}
