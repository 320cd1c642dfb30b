extension Schema {
    /// Step 27: whether a call might be recorded, as JSON; null where nobody was told or asked.
    static let recordingConsents = "ALTER TABLE calls ADD COLUMN recording_consent TEXT;"

    /// Step 28: what of a recording is silence by intent, as JSON; null where nothing is.
    static let redactions = "ALTER TABLE recordings ADD COLUMN redactions TEXT;"
}
