extension Schema {
    /// Step 20: the services that work on this database, and which of them holds a call. `beats` grows while a node lives,
    /// so that no clocks have to agree on whether it does.
    static let nodes = """
        CREATE TABLE nodes (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'draining', 'closed', 'lost')),
            started_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            ended_at INTEGER,
            beats INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            capacity INTEGER NOT NULL,
            spills INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX nodes_by_start ON nodes (started_at DESC);

        ALTER TABLE calls ADD COLUMN node TEXT;
        CREATE INDEX calls_open ON calls (node, started_at) WHERE ended_at IS NULL;
        """

    /// Step 35: which call goes on with which, and the node that has taken it; and where a node lets carriers find its calls.
    static let resumptions = """
        ALTER TABLE calls ADD COLUMN resumes TEXT;
        ALTER TABLE calls ADD COLUMN resumed_as TEXT;
        ALTER TABLE calls ADD COLUMN resumed_by TEXT;
        ALTER TABLE nodes ADD COLUMN address TEXT;
        """

    /// Step 30: how often a node says that it lives, in milliseconds; null where one of before does not tell.
    static let nodeBeats = "ALTER TABLE nodes ADD COLUMN beat INTEGER;"
}
