extension Schema {
    /// Step 12: what others are told, written together with what it tells of. `sequence` orders; a delivery that is sent
    /// again takes a new one. Those of one `stream`, a call, go out one after the other.
    static let webhooks = """
        CREATE TABLE webhook_deliveries (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            endpoint TEXT NOT NULL,
            event TEXT NOT NULL,
            stream TEXT NOT NULL,
            subject TEXT NOT NULL,
            happened_at INTEGER NOT NULL,
            payload TEXT,
            state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
            queued_at INTEGER NOT NULL,
            next_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            replays INTEGER NOT NULL DEFAULT 0,
            tried_at INTEGER,
            status INTEGER,
            reason TEXT,
            finished_at INTEGER
        ) STRICT;
        CREATE INDEX webhooks_waiting ON webhook_deliveries (endpoint, sequence) WHERE state = 'pending';
        CREATE INDEX webhooks_in_order ON webhook_deliveries (endpoint, stream, sequence) WHERE state = 'pending';
        CREATE INDEX webhooks_unwritten ON webhook_deliveries (sequence) WHERE payload IS NULL AND state = 'pending';
        CREATE INDEX webhooks_by_stream ON webhook_deliveries (stream);
        CREATE INDEX webhooks_finished ON webhook_deliveries (finished_at) WHERE state <> 'pending';
        CREATE INDEX webhooks_settled ON webhook_deliveries (endpoint, state, finished_at) WHERE state <> 'pending';

        CREATE TABLE webhook_endpoints (
            name TEXT NOT NULL PRIMARY KEY,
            url TEXT NOT NULL,
            reason TEXT NOT NULL,
            disabled_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
