extension Schema {
    /// Step 38: what is written down of calls when they are over. Times are milliseconds since 1970.
    ///
    /// `fence` tells leases apart; `requests` counts those to a model that began at `requested_at` and before it, back to those
    /// between which no day went by. `results` is JSON in the words of whoever wrote it, `summary_words` the words of its
    /// summary as they are searched for.
    static let analyses = """
        CREATE TABLE call_analyses (
            call_id TEXT NOT NULL PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('pending', 'partial', 'done')),
            agent TEXT,
            disposition TEXT,
            summary_words TEXT,
            results TEXT,
            note TEXT,
            wanted_at INTEGER NOT NULL,
            analyzed_at INTEGER,
            not_before INTEGER,
            leased_until INTEGER,
            fence INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            requests INTEGER NOT NULL DEFAULT 0,
            requested_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX call_analyses_open ON call_analyses (wanted_at) WHERE state <> 'done';
        CREATE INDEX call_analyses_by_disposition ON call_analyses (disposition) WHERE disposition IS NOT NULL;
        CREATE INDEX call_analyses_by_request ON call_analyses (agent, requested_at) WHERE requested_at IS NOT NULL;
        """
}
