import Foundation

extension Store {
    /// How many steps a new database takes.
    package static var schemaStepCount: Int { Schema.steps.count }

    /// Which steps of the schema the database has taken, and which it lacks: none, unless it was opened to be looked at.
    package func schemaStanding() async throws(StoreError) -> SchemaStanding {
        try await read("look at the schema of the database", path) { try Self.standing($0) }
    }

    private static func standing(_ db: SQLSession) throws -> SchemaStanding {
        let (table, column) =
            db.dialect == .sqlite ? ("grdb_migrations", "identifier") : ("parley_schema", "step")
        guard try String.fetchAll(db, sql: db.dialect.tables).contains(table) else {
            return SchemaStanding(step: nil, pending: Schema.steps.map(\.name))
        }
        let taken = try String.fetchSet(db, sql: "SELECT \(column) FROM \(table)")
        let (known, pending) = (Schema.steps.map(\.name), Schema.steps.map(\.name).filter { !taken.contains($0) })
        return SchemaStanding(step: known.last { taken.contains($0) }, pending: pending)
    }

    /// Looks, without writing, for what would keep a service from writing to the database or from taking its schema up.
    ///
    /// - Parameter prunesAudit: old rows of the audit log are deleted, which needs a right on it that nothing else does.
    /// - Throws: ``StoreError`` with `notWritable`, naming it. A disk that is full is found by ``proveWritable()`` alone.
    package func checkRights(prunesAudit: Bool = false) async throws(StoreError) {
        let obstacle = try await read("look at the rights on the database", path) { [path] db -> String? in
            switch db.dialect {
            case .sqlite:
                // The engine keeps its side files in the same directory.
                let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
                return [path, directory].first { !FileManager.default.isWritableFile(atPath: $0) }
                    .map { "\($0) may not be written to by this user" }
            case .postgres:
                return try Self.obstacle(onServer: db, prunesAudit: prunesAudit)
            }
        }
        guard let obstacle else { return }
        throw StoreError(.notWritable, operation: "write to the database", subject: path, detail: obstacle)
    }

    /// What a server would refuse a service that starts, nil where nothing.
    private static func obstacle(onServer db: SQLSession, prunesAudit: Bool) throws -> String? {
        let words = try String.fetchOne(
            db,
            sql: """
                SELECT CASE
                    WHEN pg_is_in_recovery() THEN 'the server is a standby, which takes no writes'
                    WHEN NOT has_schema_privilege(CAST(current_schema() AS text), 'CREATE')
                        THEN 'the user may not make tables in the schema'
                    ELSE '' END
                """)
        if let words, !words.isEmpty { return words }
        if let words = try missingRights(onServer: db, prunesAudit: prunesAudit) { return words }
        // No privilege lets anybody change a table or make an index on it: that is its owner's.
        guard try !standing(db).pending.isEmpty,
            let table = try ownTable(where: "NOT pg_has_role(c.relowner, 'USAGE')", db)
        else { return nil }
        return
            "the user does not own the table \(table), nor is in its owner's role: the steps to be taken change tables"
    }

    /// What the user may not do with Parley's tables that a service does with them; nil where nothing. The server counts what
    /// owners may do, and whoever is in the role of one, among the privileges.
    private static func missingRights(onServer db: SQLSession, prunesAudit: Bool) throws -> String? {
        let rows = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT CAST(c.relname AS text) AS relation, CAST(p.privilege AS text) AS privilege
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                CROSS JOIN (VALUES (1, 'SELECT'), (2, 'INSERT'), (3, 'UPDATE'), (4, 'DELETE')) AS p (place, privilege)
                WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
                    AND NOT has_table_privilege(c.oid, p.privilege)
                ORDER BY c.relname, p.place
                """)
        var missing: [(table: String, right: String)] = rows.map {
            (table: $0["relation"], right: $0["privilege"])
        }
        missing.removeAll { !Schema.rights(on: $0.table, prunesAudit: prunesAudit).contains($0.right) }
        guard let table = missing.first?.table else { return nil }
        let rights = missing.filter { $0.table == table }.map(\.right).joined(separator: ", ")
        let others = Set(missing.map(\.table)).count - 1
        return "the user may not \(rights) on the table \(table)"
            + (others > 0 ? ", and lacks rights on \(others) more" : "")
            + "; let its owner GRANT \(rights) ON \(table)"
    }

    /// The first of Parley's tables of which `condition` holds. An extension's may be in the same schema, and are not ours to
    /// write to.
    private static func ownTable(where condition: String, _ db: SQLSession) throws -> String? {
        try String.fetchAll(
            db,
            sql: """
                SELECT CAST(c.relname AS text) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND \(condition)
                ORDER BY c.relname
                """
        ).first { Schema.tables.contains($0) }
    }
}
