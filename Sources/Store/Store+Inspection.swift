extension Store {
    /// Bytes that the database takes, with its indexes; of a server's, what belongs to our schema.
    package func size() async throws(StoreError) -> Int {
        try await read("measure the database", path) { db in
            try Int.fetchOne(db, sql: db.dialect.size) ?? 0
        }
    }

    /// How many rows of a table have these values, compared as text.
    ///
    /// - Parameters:
    ///   - values: column → value; empty counts all rows.
    /// - Throws: ``StoreError`` with `notFound` for a table or column that is not there, naming those that are.
    package func count(ofTable table: String, where values: [String: String]) async throws(StoreError) -> Int {
        try await read("count rows", table) { db in
            let tables = try String.fetchAll(
                db, sql: db.dialect.tables)
            guard tables.contains(table) else {
                throw StoreError(
                    .notFound, operation: "count rows", subject: table,
                    detail: "there is no such table; there are: \(tables.joined(separator: ", "))")
            }
            let columns = try String.fetchAll(db, sql: db.dialect.columns, arguments: [table])
            for name in values.keys.sorted() where !columns.contains(name) {
                throw StoreError(
                    .notFound, operation: "count rows", subject: "\(table).\(name)",
                    detail: "there is no such column; there are: \(columns.joined(separator: ", "))")
            }
            // Names of tables and columns were just found in the schema, so they may stand in the statement.
            let names = values.keys.sorted()
            let conditions = names.map { "CAST(\"\($0)\" AS TEXT) = ?" }
            let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
            return try Int.fetchOne(
                db, sql: "SELECT count(*) FROM \"\(table)\"\(filter)",
                arguments: SQLValues(names.compactMap { values[$0] })) ?? 0
        }
    }
}
