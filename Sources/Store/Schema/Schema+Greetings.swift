extension Schema {
    /// Step 43: how long whoever answered waited for the agent's first words, in samples at 8 kHz. Those who waited longer than
    /// two seconds are counted without reading the others.
    static let greetings = """
        ALTER TABLE attempts ADD COLUMN greeting_delay INTEGER;
        CREATE INDEX attempts_greeted_late ON attempts (campaign_id, outcome, intended_at) WHERE greeting_delay > 16000;
        """
}
