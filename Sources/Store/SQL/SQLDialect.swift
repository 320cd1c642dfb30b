/// Where the engines' languages differ, by what is meant.
enum SQLDialect: Sendable {
    case sqlite, postgres

    /// Whether a column holds a text; `?` stands for it.
    func contains(_ column: String) -> String {
        switch self {
        case .sqlite: "instr(\(column), ?) > 0"
        case .postgres: "strpos(\(column), ?) > 0"
        }
    }

    /// The texts of a JSON array as rows of one column, `value`.
    ///
    /// - Parameter alias: the name of these rows.
    func elements(ofJSON array: String, as alias: String) -> String {
        switch self {
        case .sqlite: "json_each(\(array)) AS \(alias)"
        case .postgres: "jsonb_array_elements_text(CAST(\(array) AS jsonb)) AS \(alias) (value)"
        }
    }

    /// The pairs of a JSON object as a table of `key` and `value`; `object` is an expression of text.
    func pairs(ofJSON object: String, as alias: String) -> String {
        switch self {
        case .sqlite: "json_each(\(object)) AS \(alias)"
        case .postgres: "jsonb_each_text(CAST(\(object) AS jsonb)) AS \(alias) (key, value)"
        }
    }

    /// Whether a JSON object has a key.
    func hasKey(json object: String, _ key: String) -> String {
        switch self {
        case .sqlite: "EXISTS (SELECT 1 FROM json_each(\(object)) AS pair WHERE pair.key = \(key))"
        case .postgres: "(CAST(\(object) AS jsonb) -> \(key)) IS NOT NULL"
        }
    }

    /// Whether a value of a JSON object whose values are texts holds a text in small letters; `?` stands for it.
    func hasValue(json object: String) -> String {
        switch self {
        case .sqlite:
            "EXISTS (SELECT 1 FROM json_each(\(object)) AS pair WHERE \(contains(lowered("pair.value"))))"
        case .postgres:
            // Of an object with a U+0000, which is none here, nothing is found: one row must not fail all.
            """
            EXISTS (SELECT 1 FROM jsonb_each_text(
                    CASE WHEN strpos(\(object), '\\u0000') > 0 THEN '{}' ELSE CAST(\(object) AS jsonb) END
                ) AS pair (key, value) WHERE \(contains(lowered("pair.value"))))
            """
        }
    }

    /// A text with its ASCII letters small, whatever the database knows of others.
    func lowered(_ column: String) -> String {
        switch self {
        case .sqlite: "lower(\(column))"
        case .postgres: "lower(\(column) COLLATE \"C\")"
        }
    }

    /// Whether a row of `turns` has the words of a ``WordQuery``; `?` stands for its text in ``words(_:)``.
    var turnHasWords: String {
        switch self {
        case .sqlite: "turns.id IN (SELECT rowid FROM turn_words WHERE turn_words MATCH ?)"
        case .postgres: "to_tsvector('simple', parley_words(turns.text)) @@ to_tsquery('simple', ?)"
        }
    }

    /// A query for words as the engine's index takes it; one that finds nothing without a query.
    func words(_ query: WordQuery?) -> String {
        switch self {
        case .sqlite: query?.match ?? "\"\""
        case .postgres: query?.lexemes ?? ""
        }
    }

    /// A query for any of some words, which hold letters and digits alone, whatever their endings.
    func anyWord(_ words: [String]) -> String {
        // Each in quotes, so that none can be taken for the engine's operators.
        switch self {
        case .sqlite: words.map { "\"\($0)\"" }.joined(separator: " OR ")
        case .postgres: words.flatMap(WordQuery.folded).map { "'\($0)'" }.joined(separator: " | ")
        }
    }

    /// Whether a row of `passages` fits; `?1` stands for what ``anyWord(_:)`` makes.
    var passageHasWords: String {
        switch self {
        case .sqlite: "passages MATCH ?1"
        case .postgres: "(\(Schema.passageWords)) @@ to_tsquery('english', ?1)"
        }
    }

    /// The best first: a word in the heading counts twice.
    var passageOrder: String {
        switch self {
        case .sqlite: "bm25(passages, 2.0, 1.0)"
        case .postgres: "\(passageScore) DESC, passages.id"
        }
    }

    /// How well a row of `passages` fits, the higher the better, in the words of ``passageOrder``.
    var passageScore: String {
        switch self {
        case .sqlite: "-bm25(passages, 2.0, 1.0)"
        case .postgres: "ts_rank('{0, 0, 0.5, 1}', \(Schema.passageWords), to_tsquery('english', ?1), 1)"
        }
    }

    /// Grows from one passage of a document to the next.
    var passageNumber: String {
        switch self {
        case .sqlite: "passages.rowid"
        case .postgres: "passages.id"
        }
    }

    /// Ends a query whose rows of the table `own` will be changed: those that another node is about to change are left out.
    /// A file has one writer at a time anyway.
    var skippingLocked: String {
        switch self {
        case .sqlite: ""
        case .postgres: "FOR UPDATE OF own SKIP LOCKED"
        }
    }

    /// A member of a JSON object, as text.
    func member(_ key: String, ofJSON object: String) -> String {
        switch self {
        case .sqlite: "CAST(json_extract(\(object), '$.\(key)') AS TEXT)"
        case .postgres: "(CAST(\(object) AS jsonb) ->> '\(key)')"
        }
    }

    /// Bytes as text, as far as they are ASCII.
    func text(ofBytes column: String) -> String {
        switch self {
        case .sqlite: "CAST(\(column) AS TEXT)"
        case .postgres: "encode(\(column), 'escape')"
        }
    }

    /// Bytes of all tables and indexes.
    var size: String {
        switch self {
        case .sqlite: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        case .postgres:
            """
            SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bigint) FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace)
            """
        }
    }

    /// The names of all tables, one row each.
    var tables: String {
        switch self {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        case .postgres:
            "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        }
    }

    /// The names of a table's columns in their order, one row each; `?` stands for the table.
    var columns: String {
        switch self {
        case .sqlite: "SELECT name FROM pragma_table_info(?) ORDER BY cid"
        case .postgres:
            """
            SELECT CAST(column_name AS text) FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position
            """
        }
    }
}
