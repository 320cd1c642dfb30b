extension Schema {
    /// Step 1. Wall times are milliseconds since 1970 (UTC), positions are samples at 8 kHz, latencies microseconds.
    ///
    /// `revision` grows with every version of a row a writer hands over; an older version that arrives late (from the
    /// spill file) never replaces a newer one.
    static let calls = """
        CREATE TABLE calls (
            id TEXT NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL DEFAULT 0,
            carrier TEXT NOT NULL,
            carrier_call_id TEXT,
            direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
            caller TEXT NOT NULL,
            callee TEXT NOT NULL,
            agent TEXT NOT NULL,
            agent_version TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT,
            end_reason TEXT,
            duration INTEGER NOT NULL,
            recording_path TEXT,
            caller_turns INTEGER NOT NULL,
            agent_turns INTEGER NOT NULL,
            not_understood INTEGER NOT NULL,
            interruptions INTEGER NOT NULL,
            tool_calls INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX calls_by_start ON calls (started_at DESC, id DESC);
        CREATE INDEX calls_by_carrier_id ON calls (carrier, carrier_call_id);

        CREATE TABLE turns (
            call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            speaker TEXT NOT NULL CHECK (speaker IN ('caller', 'agent')),
            revision INTEGER NOT NULL DEFAULT 0,
            started INTEGER NOT NULL,
            ended INTEGER,
            text TEXT NOT NULL,
            heard TEXT,
            confidence REAL,
            intent TEXT,
            entities TEXT NOT NULL,
            interrupted INTEGER NOT NULL,
            end_of_turn_wait INTEGER,
            recognition INTEGER,
            understanding INTEGER,
            synthesis INTEGER,
            own INTEGER,
            total INTEGER,
            PRIMARY KEY (call_id, number, speaker)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tools (
            call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            invocation_id TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 0,
            turn INTEGER NOT NULL,
            name TEXT NOT NULL,
            arguments TEXT NOT NULL,
            outcome TEXT,
            succeeded INTEGER,
            started INTEGER NOT NULL,
            finished INTEGER,
            PRIMARY KEY (call_id, invocation_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE journal (
            call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (call_id, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE recordings (
            call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            path TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 0,
            format TEXT NOT NULL,
            sample_rate INTEGER NOT NULL,
            caller_samples INTEGER NOT NULL,
            agent_samples INTEGER NOT NULL,
            sha256 TEXT,
            PRIMARY KEY (call_id, path)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE incidents (
            id TEXT NOT NULL PRIMARY KEY,
            call_id TEXT,
            happened_at INTEGER NOT NULL,
            position INTEGER,
            kind TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX incidents_by_call ON incidents (call_id, happened_at);
        CREATE INDEX incidents_by_time ON incidents (happened_at DESC, id DESC);
        """
}
