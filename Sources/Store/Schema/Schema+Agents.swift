extension Schema {
    /// Acts that wait for a person, acts that tools have done, what is known of contacts, and documents to search.
    ///
    /// Times are milliseconds since 1970. A review goes from `pending` to `approved`, `rejected` or `expired`; an approved
    /// one to `running` and from there to `done`, `failed` or `unclear`.
    static let agents = """
        CREATE TABLE reviews (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            idempotency_key TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN
                ('pending', 'approved', 'rejected', 'expired', 'running', 'done', 'failed', 'unclear')),
            call_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            agent_version TEXT NOT NULL,
            contact TEXT NOT NULL,
            tool TEXT NOT NULL,
            arguments TEXT NOT NULL,
            reason TEXT NOT NULL,
            filed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            decided_at INTEGER,
            decided_by TEXT,
            note TEXT,
            leased_until INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            result TEXT,
            finished_at INTEGER
        ) STRICT;
        CREATE INDEX reviews_by_state ON reviews (state, id);

        CREATE TABLE tool_acts (
            idempotency_key TEXT NOT NULL PRIMARY KEY,
            tool TEXT NOT NULL,
            begun_at INTEGER NOT NULL,
            result TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE contact_facts (
            contact TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            source TEXT NOT NULL,
            noted_at INTEGER NOT NULL,
            PRIMARY KEY (contact, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE documents (
            id INTEGER NOT NULL PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            hash TEXT NOT NULL,
            added_at INTEGER NOT NULL
        ) STRICT;

        """

    /// The pieces of documents, with an index of their words whatever their endings.
    static let passages = """
        CREATE VIRTUAL TABLE passages USING fts5 (
            heading, text, document_id UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2'
        );
        """

    /// What a passage is looked for by; a word in the heading weighs more. No function of ours, for one that calls another
    /// is not found while a dump is restored.
    static let passageWords = """
        setweight(to_tsvector('english', parley_words(heading)), 'A')
        || setweight(to_tsvector('english', parley_words(text)), 'B')
        """

    /// As ``passages``. `parley_words` makes of a text what its words are looked for by: small letters without what stands
    /// on them, and nothing between the words. The collation says which letters there are: the columns' own knows ASCII.
    static let passagesOfPostgres = """
        CREATE FUNCTION parley_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT regexp_replace(
                regexp_replace(normalize(lower($1 COLLATE "default"), NFD), '[\\u0300-\\u036f]', '', 'g'),
                '[^[:alnum:]]+', ' ', 'g')
        $$;
        CREATE TABLE passages (
            id INTEGER NOT NULL PRIMARY KEY,
            heading TEXT NOT NULL,
            text TEXT NOT NULL,
            document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE
        );
        CREATE INDEX passages_words ON passages USING gin ((\(passageWords)));
        CREATE INDEX passages_by_document ON passages (document_id);
        """
}
