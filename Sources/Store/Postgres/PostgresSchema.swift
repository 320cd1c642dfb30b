/// Brings a PostgreSQL database to this program's schema.
enum PostgresSchema {
    /// The oldest server whose functions are enough, as libpq counts.
    private static let oldestServer = 130_000

    /// Our tables live in the first schema of the connection's search path. One transaction: all steps that are missing, or
    /// none. Nodes that begin together wait for each other.
    ///
    /// - Parameter creates: whether a database without our tables gets them.
    static func migrate(_ connection: PostgresConnection, creates: Bool) throws {
        let db = SQLSession(connection, .postgres)
        try checkServer(connection, db)
        if try isCurrent(db) { return }
        try connection.command("BEGIN")
        do {
            // A step over a large table, and the wait for another node's, take longer than any operation may.
            try connection.command("SET LOCAL statement_timeout = 0")
            try connection.command(
                "SELECT pg_advisory_xact_lock(\(Schema.applicationID), hashtext(current_schema()))")
            try checkTables(db, creates: creates)
            try connection.command(
                """
                CREATE TABLE IF NOT EXISTS parley_schema (
                    step TEXT COLLATE "C" NOT NULL PRIMARY KEY,
                    taken_at TIMESTAMPTZ NOT NULL DEFAULT now()
                )
                """)
            let taken = try takenSteps(db)
            for step in Schema.steps where !taken.contains(step.name) {
                try connection.command(step.postgres)
                try db.execute(sql: "INSERT INTO parley_schema (step) VALUES (?)", arguments: [step.name])
            }
            try connection.command("COMMIT")
        } catch {
            _ = try? connection.command("ROLLBACK")
            throw error
        }
    }

    /// Refuses a server, or a database, that is not for this program, and changes nothing.
    static func check(_ connection: PostgresConnection) throws {
        let db = SQLSession(connection, .postgres)
        try checkServer(connection, db)
        try checkTables(db, creates: true)
        if try hasSteps(db) { _ = try takenSteps(db) }
    }

    private static func checkServer(_ connection: PostgresConnection, _ db: SQLSession) throws {
        guard connection.serverVersion >= oldestServer else {
            throw SQLFailure(
                code: .failed,
                detail: "the server is PostgreSQL \(connection.serverVersion / 10_000); Parley needs 13 or later")
        }
        let encoding = try String.fetchOne(db, sql: "SELECT current_setting('server_encoding')")
        guard encoding == "UTF8" else {
            throw SQLFailure(
                code: .failed, detail: "the database's encoding is \(encoding ?? "unknown"); make one with UTF8")
        }
        guard try String.fetchOne(db, sql: "SELECT CAST(current_schema() AS text)") != nil else {
            throw SQLFailure(code: .missing, detail: "no schema of the connection's search_path is there")
        }
    }

    /// Whether there is nothing to do, which takes no lock.
    private static func isCurrent(_ db: SQLSession) throws -> Bool {
        guard try hasSteps(db) else { return false }
        return try takenSteps(db).count == Schema.steps.count
    }

    private static func hasSteps(_ db: SQLSession) throws -> Bool {
        try String.fetchAll(db, sql: db.dialect.tables).contains("parley_schema")
    }

    /// Refuses a database that is not ours to change.
    private static func checkTables(_ db: SQLSession, creates: Bool) throws {
        guard try !hasSteps(db) else { return }
        let tables = try String.fetchAll(db, sql: db.dialect.tables)
        guard tables.isEmpty else {
            throw SQLFailure(
                code: .foreign,
                detail: "it has tables of another program: \(tables.prefix(5).joined(separator: ", "))")
        }
        guard creates else { throw SQLFailure(code: .missing, detail: "the database has no tables of Parley") }
    }

    /// - Throws: ``SQLFailure`` with `newerVersion`, naming those steps that we do not know.
    private static func takenSteps(_ db: SQLSession) throws -> Set<String> {
        let taken = try String.fetchSet(db, sql: "SELECT step FROM parley_schema")
        let unknown = taken.subtracting(Schema.steps.map(\.name)).sorted()
        guard unknown.isEmpty else {
            throw SQLFailure(
                code: .newerVersion,
                detail: "its schema has steps unknown here: \(unknown.joined(separator: ", "))")
        }
        return taken
    }
}
