extension Schema {
    /// What the API answered to requests that carried a key, so that a repeat gets the same answer and nothing is done twice.
    /// Without a status the request is being worked on, or was when the process ended.
    static let idempotency = """
        CREATE TABLE idempotency (
            owner TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            status INTEGER,
            type TEXT,
            location TEXT,
            body BLOB,
            PRIMARY KEY (owner, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_by_age ON idempotency (created_at);
        """
}
