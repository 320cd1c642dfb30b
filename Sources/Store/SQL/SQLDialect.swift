/// Where the engines' languages differ, by what is meant.
enum SQLDialect: Sendable {
    case sqlite

    /// Whether a column holds a text; `?` stands for it.
    func contains(_ column: String) -> String {
        switch self {
        case .sqlite: "instr(\(column), ?) > 0"
        }
    }

    /// The texts of a JSON array as rows of one column, `value`.
    ///
    /// - Parameter alias: the name of these rows.
    func elements(ofJSON array: String, as alias: String) -> String {
        switch self {
        case .sqlite: "json_each(\(array)) AS \(alias)"
        }
    }

    /// Whether a JSON object has a key.
    func hasKey(json object: String, _ key: String) -> String {
        switch self {
        case .sqlite: "EXISTS (SELECT 1 FROM json_each(\(object)) AS pair WHERE pair.key = \(key))"
        }
    }

    /// Whether a row of `turns` has the words of a ``WordQuery``; `?` stands for its text in ``words(_:)``.
    var turnHasWords: String {
        switch self {
        case .sqlite: "turns.id IN (SELECT rowid FROM turn_words WHERE turn_words MATCH ?)"
        }
    }

    /// A query for words as the engine's index takes it; one that finds nothing without a query.
    func words(_ query: WordQuery?) -> String {
        switch self {
        case .sqlite: query?.match ?? "\"\""
        }
    }

    /// The names of all tables, one row each.
    var tables: String {
        switch self {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        }
    }

    /// The names of a table's columns in their order, one row each; `?` stands for the table.
    var columns: String {
        switch self {
        case .sqlite: "SELECT name FROM pragma_table_info(?) ORDER BY cid"
        }
    }
}
