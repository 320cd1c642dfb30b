import Foundation

extension Store {
    /// How many steps a new database takes.
    package static var schemaStepCount: Int { Schema.steps.count }

    /// Which steps of the schema the database has taken, and which it lacks: none, unless it was opened to be looked at.
    package func schemaStanding() async throws(StoreError) -> SchemaStanding {
        try await read("look at the schema of the database", path) { db -> SchemaStanding in
            let (table, column) =
                db.dialect == .sqlite ? ("grdb_migrations", "identifier") : ("parley_schema", "step")
            guard try String.fetchAll(db, sql: db.dialect.tables).contains(table) else {
                return SchemaStanding(step: nil, pending: Schema.steps.map(\.name))
            }
            let taken = try String.fetchSet(db, sql: "SELECT \(column) FROM \(table)")
            let (known, pending) = (Schema.steps.map(\.name), Schema.steps.map(\.name).filter { !taken.contains($0) })
            return SchemaStanding(step: known.last { taken.contains($0) }, pending: pending)
        }
    }

    /// Looks, without writing, for what would keep a service from writing to the database or from taking its schema up.
    ///
    /// - Throws: ``StoreError`` with `notWritable`, naming it. A disk that is full is found by ``proveWritable()`` alone.
    package func checkRights() async throws(StoreError) {
        let obstacle = try await read("look at the rights on the database", path) { [path] db -> String? in
            switch db.dialect {
            case .sqlite:
                // The engine keeps its side files in the same directory.
                let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
                return [path, directory].first { !FileManager.default.isWritableFile(atPath: $0) }
                    .map { "\($0) may not be written to by this user" }
            case .postgres:
                let words = try String.fetchOne(
                    db,
                    sql: """
                        SELECT CASE
                            WHEN pg_is_in_recovery() THEN 'the server is a standby, which takes no writes'
                            WHEN NOT has_schema_privilege(CAST(current_schema() AS text), 'CREATE')
                                THEN 'the user may not make tables in the schema'
                            WHEN EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema()
                                AND NOT has_table_privilege(
                                    quote_ident(schemaname) || '.' || quote_ident(tablename), 'INSERT'))
                                THEN 'the user may not write to every table of the schema'
                            ELSE '' END
                        """)
                return words.flatMap { $0.isEmpty ? nil : $0 }
            }
        }
        guard let obstacle else { return }
        throw StoreError(.notWritable, operation: "write to the database", subject: path, detail: obstacle)
    }
}
