extension Schema {
    /// Step 29: attempts by how they ended, so that the share of people who met no agent is counted without reading them.
    static let attemptOutcomes = """
        CREATE INDEX attempts_by_outcome ON attempts (campaign_id, outcome, intended_at);
        """
}
