extension Schema {
    /// Agents that a person has stopped; the empty name stands for all.
    static let stops = """
        CREATE TABLE agent_stops (
            agent TEXT NOT NULL PRIMARY KEY,
            ends_calls INTEGER NOT NULL,
            escalates INTEGER NOT NULL,
            stopped_at INTEGER NOT NULL,
            stopped_by TEXT NOT NULL,
            reason TEXT
        ) STRICT, WITHOUT ROWID;
        """
}
