extension Schema {
    /// Step 13: what was said can be searched by words.
    ///
    /// The index keeps no text of its own but the numbers of rows, so turns need one that stays; a key can only be changed
    /// by making the table anew. Triggers keep the index, also where a call's deletion takes its turns along.
    static let search = """
        CREATE TABLE turns_by_id (
            id INTEGER NOT NULL PRIMARY KEY,
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
            UNIQUE (call_id, number, speaker, part)
        ) STRICT;

        INSERT INTO turns_by_id (call_id, number, speaker, part, revision, started, ended, text, heard, confidence, intent,
            entities, interrupted, end_of_turn_wait, recognition, understanding, synthesis, own, total)
        SELECT call_id, number, speaker, part, revision, started, ended, text, heard, confidence, intent, entities,
            interrupted, end_of_turn_wait, recognition, understanding, synthesis, own, total
        FROM turns;
        DROP TABLE turns;
        ALTER TABLE turns_by_id RENAME TO turns;

        """

    static let turnWords = """
        CREATE VIRTUAL TABLE turn_words USING fts5 (
            text, content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
        );
        INSERT INTO turn_words (turn_words) VALUES ('rebuild');

        CREATE TRIGGER turn_words_added AFTER INSERT ON turns BEGIN
            INSERT INTO turn_words (rowid, text) VALUES (new.id, new.text);
        END;
        CREATE TRIGGER turn_words_removed AFTER DELETE ON turns BEGIN
            INSERT INTO turn_words (turn_words, rowid, text) VALUES ('delete', old.id, old.text);
        END;
        CREATE TRIGGER turn_words_changed AFTER UPDATE ON turns WHEN old.text IS NOT new.text OR old.id <> new.id BEGIN
            INSERT INTO turn_words (turn_words, rowid, text) VALUES ('delete', old.id, old.text);
            INSERT INTO turn_words (rowid, text) VALUES (new.id, new.text);
        END;
        """

    static let turnWordsOfPostgres = """
        CREATE INDEX turns_words ON turns USING gin (to_tsvector('simple', parley_words(text)));
        """
}
