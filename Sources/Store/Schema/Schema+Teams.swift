extension Schema {
    /// Step 16: what teams of agents do around calls, step by step. Times are milliseconds since 1970.
    ///
    /// A step goes from `pending` to `running`; from there back to `pending` (to be tried again), to `waiting` (for a person
    /// or for the call to end) or to its end: `done`, `failed`, `rejected`, `expired`. `skipped` never began.
    static let teams = """
        CREATE TABLE team_runs (
            id TEXT NOT NULL PRIMARY KEY,
            idempotency_key TEXT NOT NULL UNIQUE,
            agent TEXT NOT NULL,
            agent_version TEXT NOT NULL,
            plan TEXT NOT NULL,
            variables TEXT NOT NULL,
            dial TEXT,
            call_id TEXT,
            state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed', 'cancelled')),
            reason TEXT,
            began_at INTEGER NOT NULL,
            finished_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX team_runs_open ON team_runs (began_at) WHERE state = 'open';
        CREATE INDEX team_runs_by_start ON team_runs (began_at);
        CREATE INDEX team_runs_by_call ON team_runs (call_id) WHERE call_id IS NOT NULL;

        CREATE TABLE team_steps (
            run_id TEXT NOT NULL REFERENCES team_runs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('pending', 'running', 'waiting', 'done', 'failed', 'rejected', 'expired', 'skipped')),
            attempts INTEGER NOT NULL DEFAULT 0,
            leased_until INTEGER,
            not_before INTEGER,
            confidence REAL,
            result TEXT,
            reason TEXT,
            calls TEXT,
            review_id INTEGER,
            began_at INTEGER,
            finished_at INTEGER,
            PRIMARY KEY (run_id, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE team_watches (
            agent TEXT NOT NULL PRIMARY KEY,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
