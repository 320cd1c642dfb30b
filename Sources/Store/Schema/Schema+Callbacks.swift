extension Schema {
    /// Step 17: calls promised to people who called, and messages that callers left.
    ///
    /// A callback is `promised` until its campaign of one contact is there, then `queued`: from there on contact and attempts
    /// say how it goes. One number is promised one call by a call. A message is `taking` while the caller speaks.
    static let callbacks = """
        CREATE TABLE callbacks (
            id TEXT NOT NULL PRIMARY KEY,
            call_id TEXT NOT NULL,
            number TEXT NOT NULL,
            note TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            time_zone TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('promised', 'queued', 'cancelled')),
            promised_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX callbacks_once_per_call ON callbacks (call_id, number);
        CREATE INDEX callbacks_by_time ON callbacks (promised_at, id);

        CREATE TABLE voicemails (
            call_id TEXT NOT NULL PRIMARY KEY,
            number TEXT NOT NULL,
            words TEXT NOT NULL,
            reason TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('taking', 'new', 'heard')),
            begun_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL,
            heard_by TEXT,
            heard_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX voicemails_by_time ON voicemails (begun_at, call_id);
        """
}
