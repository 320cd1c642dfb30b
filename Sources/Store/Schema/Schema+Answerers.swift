extension Schema {
    /// Step 9: who or what answered a call that we placed, and when a contact was promised another one.
    static let answerers = """
        ALTER TABLE calls ADD COLUMN answerer TEXT;
        ALTER TABLE attempts ADD COLUMN answerer TEXT;
        ALTER TABLE contacts ADD COLUMN callback_at INTEGER;
        CREATE INDEX attempts_by_call ON attempts (call_id) WHERE call_id IS NOT NULL;
        """
}
