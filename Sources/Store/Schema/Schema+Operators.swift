extension Schema {
    /// A person may take a call over, so a turn may be an operator's.
    ///
    /// A check can only be changed by making the table anew.
    static let operators = """
        CREATE TABLE turns_of_three (
            call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            speaker TEXT NOT NULL CHECK (speaker IN ('caller', 'agent', 'operator')),
            part INTEGER NOT NULL DEFAULT 0,
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
            PRIMARY KEY (call_id, number, speaker, part)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO turns_of_three SELECT * FROM turns;
        DROP TABLE turns;
        ALTER TABLE turns_of_three RENAME TO turns;
        """
}
