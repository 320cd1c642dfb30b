extension Schema {
    /// Step 8: campaigns, whom they call, what became of it, and who must not be called.
    ///
    /// An attempt is what may ring a telephone. `intent` is stored before the carrier is asked, `asked` in the moment
    /// before the request leaves, `placed` with the carrier's id, `ended` once and for all. The partial unique index
    /// makes two calls to one number at a time impossible, whoever writes.
    static let campaigns = """
        CREATE TABLE campaigns (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('created', 'running', 'paused', 'finished')),
            reason TEXT,
            definition TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            changed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE contacts (
            id INTEGER NOT NULL PRIMARY KEY,
            campaign_id TEXT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
            number TEXT NOT NULL,
            line INTEGER NOT NULL,
            region TEXT NOT NULL,
            time_zone TEXT,
            variables TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'calling', 'done')),
            outcome TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL,
            decision TEXT,
            changed_at INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX contacts_once_per_campaign ON contacts (campaign_id, number);
        CREATE INDEX contacts_due ON contacts (campaign_id, next_at, id) WHERE state = 'waiting';
        CREATE INDEX contacts_waiting_by_number ON contacts (number) WHERE state = 'waiting';
        CREATE INDEX contacts_by_outcome ON contacts (campaign_id, state, outcome);

        CREATE TABLE attempts (
            id TEXT NOT NULL PRIMARY KEY,
            campaign_id TEXT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
            contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            number TEXT NOT NULL,
            caller_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('intent', 'asked', 'placed', 'ended')),
            decision TEXT NOT NULL,
            carrier_call_id TEXT,
            call_id TEXT,
            intended_at INTEGER NOT NULL,
            asked_at INTEGER,
            placed_at INTEGER,
            answered_at INTEGER,
            ended_at INTEGER,
            answered_by TEXT,
            outcome TEXT,
            detail TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX attempts_one_open_per_number ON attempts (number) WHERE state <> 'ended';
        CREATE UNIQUE INDEX attempts_by_carrier_id ON attempts (carrier_call_id) WHERE carrier_call_id IS NOT NULL;
        CREATE INDEX attempts_by_number ON attempts (number, asked_at);
        CREATE INDEX attempts_by_contact ON attempts (contact_id, intended_at);
        CREATE INDEX attempts_by_campaign ON attempts (campaign_id, intended_at);
        CREATE INDEX attempts_open ON attempts (state) WHERE state <> 'ended';
        CREATE INDEX attempts_by_caller_id ON attempts (caller_id, asked_at);

        CREATE TABLE suppressions (
            list TEXT NOT NULL,
            number TEXT NOT NULL,
            reason TEXT NOT NULL,
            call_id TEXT,
            added_at INTEGER NOT NULL,
            PRIMARY KEY (number, list)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE suppression_lists (
            list TEXT NOT NULL PRIMARY KEY,
            version TEXT NOT NULL,
            imported_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE consents (
            number TEXT NOT NULL,
            seller TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('express', 'written')),
            source TEXT NOT NULL,
            given_at INTEGER NOT NULL,
            expires_at INTEGER,
            revoked_at INTEGER,
            PRIMARY KEY (number, seller, kind)
        ) STRICT, WITHOUT ROWID;
        """
}
