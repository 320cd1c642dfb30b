extension Schema {
    /// Step 32: what calls are counted by. `yield_latencies` is a JSON array of milliseconds. Of calls before this step only
    /// what their rows say is known: how they ended, not how caller and agent took turns.
    static let analytics = """
        ALTER TABLE calls ADD COLUMN language TEXT;
        ALTER TABLE calls ADD COLUMN resolution TEXT;
        ALTER TABLE calls ADD COLUMN asked INTEGER;
        ALTER TABLE calls ADD COLUMN answered INTEGER;
        ALTER TABLE calls ADD COLUMN barge_ins INTEGER;
        ALTER TABLE calls ADD COLUMN yielded INTEGER;
        ALTER TABLE calls ADD COLUMN yield_latencies TEXT;
        ALTER TABLE calls ADD COLUMN backchannels INTEGER;
        ALTER TABLE calls ADD COLUMN tolerated INTEGER;
        ALTER TABLE calls ADD COLUMN agent_starts INTEGER;
        ALTER TABLE calls ADD COLUMN over_caller INTEGER;
        UPDATE calls SET resolution = CASE
            WHEN end_reason IN ('node.lost', 'recordLost', 'failed', 'stuck') THEN 'failed'
            WHEN substr(end_reason, 1, 11) = 'transferred' OR outcome = 'transfer_warm' THEN 'transferred'
            WHEN direction = 'outbound' AND answerer IN ('machine', 'screening', 'menu', 'fax') THEN 'unreached'
            WHEN end_reason = 'caller hung up' AND agent_turns < 2 THEN 'abandoned'
            ELSE 'contained' END
        WHERE ended_at IS NOT NULL;
        CREATE INDEX turns_by_latency ON turns (call_id, total) WHERE total IS NOT NULL;
        CREATE INDEX calls_by_agent ON calls (agent, started_at);
        CREATE INDEX attempts_by_time ON attempts (intended_at);
        """
}
