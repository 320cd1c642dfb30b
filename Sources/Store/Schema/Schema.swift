import GRDB

/// The tables, as forward steps. A released step is never edited: the next change is the next step.
enum Schema {
    /// "PRLY": tells our files from other programs' databases.
    static let applicationID = 0x5052_4C59

    static let steps = [
        SchemaStep("1-calls", "PRAGMA application_id = \(applicationID);\n" + calls, postgres: calls),
        SchemaStep("2-calendar", calendar),
        SchemaStep("3-probe", probe),
        SchemaStep("4-turn-parts", turnParts),
        SchemaStep("5-agents", agents + passages, postgres: agents + passagesOfPostgres),
        SchemaStep("6-keys", keys),
        SchemaStep("7-decisions", decisions),
        SchemaStep("8-campaigns", campaigns),
        SchemaStep("9-answerers", answerers),
        SchemaStep("10-operators", operators),
        SchemaStep("11-idempotency", idempotency),
        SchemaStep("12-webhooks", webhooks),
        SchemaStep("13-search", search + turnWords, postgres: search + turnWordsOfPostgres),
        SchemaStep("14-versions", versions),
        SchemaStep("15-version-history", versionHistory),
        SchemaStep("16-teams", teams),
        SchemaStep("17-callbacks", callbacks),
        SchemaStep("18-costs", costs),
        SchemaStep("19-leases", leases),
        SchemaStep("20-nodes", nodes),
        SchemaStep("25-audit", audit + auditKept, postgres: audit + auditKeptByPostgres),
        SchemaStep("26-people", people),
        SchemaStep("27-recording-consents", recordingConsents),
        SchemaStep("28-redactions", redactions),
        SchemaStep("29-attempt-outcomes", attemptOutcomes),
        SchemaStep("30-node-beats", nodeBeats),
        SchemaStep("32-analytics", analytics),
        SchemaStep("33-scorecards", scorecards),
        SchemaStep("34-parts", parts, postgres: parts + partsOfPostgres),
        SchemaStep("35-resumptions", resumptions),
        SchemaStep("36-accounts", accounts),
        SchemaStep("37-person-legs", personLegs),
        SchemaStep("38-analyses", analyses),
        SchemaStep("41-stops", stops),
        SchemaStep(
            "42-lists", consentPlaces + callParties, postgres: consentPlacesOfPostgres + callParties),
        SchemaStep("43-late-greetings", greetings),
    ]

    /// The tables that the steps make on a server, also those that are there only within one; what else stands in the schema is
    /// somebody else's.
    static let tables: Set<String> = Set(
        steps.flatMap { step in step.postgres.matches(of: /CREATE TABLE (\w+)/).map { String($0.1) } }
    ).union(["parley_schema"])

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for step in steps {
            migrator.registerMigration(step.name) { db in try db.execute(sql: step.sqlite) }
        }
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
    static func check(_ db: Database, path: String) throws {
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
