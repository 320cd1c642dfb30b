/// `INSERT … ON CONFLICT` for one table, in the form SQLite and PostgreSQL share. Made once per table.
struct UpsertStatement: Sendable {
    let sql: String

    /// A row that may be replaced by a newer version of itself; `columns` ends with `revision`.
    ///
    /// - Parameter grown: those columns to which others add. The same version written again leaves them as they are, and a
    ///   newer one without a value, too.
    init(replacing table: String, key: [String], columns: [String], grown: [String] = []) {
        let updates = columns.filter { !key.contains($0) }.map { column in
            guard grown.contains(column) else { return "\(column) = excluded.\(column)" }
            return """
                \(column) = CASE WHEN excluded.revision = \(table).revision \
                THEN coalesce(\(table).\(column), excluded.\(column)) \
                ELSE coalesce(excluded.\(column), \(table).\(column)) END
                """
        }
        sql = """
            \(Self.insert(into: table, columns)) ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE \
            SET \(updates.joined(separator: ", ")) WHERE excluded.revision >= \(table).revision
            """
    }

    /// A row that is written once.
    init(adding table: String, key: [String], columns: [String]) {
        sql = "\(Self.insert(into: table, columns)) ON CONFLICT (\(key.joined(separator: ", "))) DO NOTHING"
    }

    func execute(in db: SQLSession, _ arguments: SQLValues) throws {
        try db.execute(sql: sql, arguments: arguments)
    }

    private static func insert(into table: String, _ columns: [String]) -> String {
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
    }
}
