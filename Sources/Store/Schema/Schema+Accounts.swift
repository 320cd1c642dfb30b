extension Schema {
    /// People sign in with a name and a password, of which only the hash is kept; and there are builders.
    ///
    /// A check can only be changed by making the table anew.
    static let accounts = """
        CREATE TABLE api_keys_of_four (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('viewer', 'operator', 'builder', 'admin')),
            hash BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER,
            revoked_at INTEGER
        ) STRICT, WITHOUT ROWID;

        INSERT INTO api_keys_of_four SELECT * FROM api_keys;
        DROP TABLE api_keys;
        ALTER TABLE api_keys_of_four RENAME TO api_keys;

        CREATE TABLE accounts (
            name TEXT NOT NULL PRIMARY KEY,
            scope TEXT NOT NULL CHECK (scope IN ('viewer', 'operator', 'builder', 'admin')),
            salt BLOB NOT NULL,
            hash BLOB NOT NULL,
            cost INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            last_used_at INTEGER,
            removed_at INTEGER
        ) STRICT, WITHOUT ROWID;
        """
}
