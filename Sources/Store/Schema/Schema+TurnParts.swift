extension Schema {
    /// Agent turns, numbered by reply until now, get the number of the caller's turn they answer. An agent may speak
    /// several times in one turn (an answer, then "are you still there?"), so the key gets a part.
    ///
    /// A key can only be changed by making the table anew.
    static let turnParts = """
        CREATE TABLE turns_by_part (
            call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            speaker TEXT NOT NULL CHECK (speaker IN ('caller', 'agent')),
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

        INSERT INTO turns_by_part
        WITH renumbered AS (
            SELECT *, CASE speaker WHEN 'caller' THEN number ELSE coalesce((
                SELECT max(caller.number) FROM turns AS caller
                WHERE caller.call_id = turns.call_id AND caller.speaker = 'caller' AND caller.started < turns.started
            ), 0) END AS turn
            FROM turns
        )
        SELECT call_id, turn, speaker, row_number() OVER (PARTITION BY call_id, turn, speaker ORDER BY number) - 1,
            revision, started, ended, text, heard, confidence, intent, entities, interrupted, end_of_turn_wait,
            recognition, understanding, synthesis, own, total
        FROM renumbered;

        DROP TABLE turns;
        ALTER TABLE turns_by_part RENAME TO turns;
        """
}
