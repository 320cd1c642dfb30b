import GRDB

/// The tables, as forward steps. A released step is never edited: the next change is the next step.
enum Schema {
    /// "PRLY": tells our files from other programs' databases.
    static let applicationID = 0x5052_4C59

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-calls") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: calls)
        }
        migrator.registerMigration("2-calendar") { db in try db.execute(sql: calendar) }
        migrator.registerMigration("3-probe") { db in try db.execute(sql: probe) }
        migrator.registerMigration("4-turn-parts") { db in try db.execute(sql: turnParts) }
        migrator.registerMigration("5-agents") { db in try db.execute(sql: agents) }
        migrator.registerMigration("6-keys") { db in try db.execute(sql: keys) }
        migrator.registerMigration("7-decisions") { db in try db.execute(sql: decisions) }
        migrator.registerMigration("8-campaigns") { db in try db.execute(sql: campaigns) }
        migrator.registerMigration("9-answerers") { db in try db.execute(sql: answerers) }
        migrator.registerMigration("10-operators") { db in try db.execute(sql: operators) }
        migrator.registerMigration("11-idempotency") { db in try db.execute(sql: idempotency) }
        migrator.registerMigration("12-webhooks") { db in try db.execute(sql: webhooks) }
        migrator.registerMigration("13-search") { db in try db.execute(sql: search) }
        migrator.registerMigration("14-versions") { db in try db.execute(sql: versions) }
        migrator.registerMigration("15-version-history") { db in try db.execute(sql: versionHistory) }
        migrator.registerMigration("16-teams") { db in try db.execute(sql: teams) }
        return migrator
    }

    /// Brings the database to this program's schema.
    static func migrate(_ pool: DatabasePool, path: String) throws {
        try pool.read { try check($0, path: path) }
        while true {
            let before = try pool.read { try migrator.appliedIdentifiers($0) }
            do {
                return try migrator.migrate(pool)
            } catch {
                // Another process that opened the same file may have taken a step between our look and our try; each
                // step is a transaction, so nothing is half done. Without such progress the error is ours.
                guard try pool.read({ try migrator.appliedIdentifiers($0) }) != before else { throw error }
            }
        }
    }

    /// Refuses files that are not ours to change.
    private static func check(_ db: Database, path: String) throws {
        // The migrator's own table comes into the file a moment before our first step marks it as ours.
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'grdb_migrations' ORDER BY name")
        if !tables.isEmpty, try Int.fetchOne(db, sql: "PRAGMA application_id") != applicationID {
            throw StoreError(
                .foreign, operation: "open the database", subject: path,
                detail: "it has tables of another program: \(tables.prefix(5).joined(separator: ", "))")
        }
        if try migrator.hasBeenSuperseded(db) {
            let unknown = try migrator.appliedIdentifiers(db).subtracting(migrator.migrations).sorted()
            throw StoreError(
                .newerVersion, operation: "open the database", subject: path,
                detail: "its schema has steps unknown here: \(unknown.joined(separator: ", "))")
        }
    }
}
