import Foundation
import GRDB
import TestPostgres
import Testing

@testable import Store

@Suite("Looking at a database without changing it")
struct SchemaStandingTests {
    private static let looking = StoreOptions(isReadOnly: true)

    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("a file of version 1 is read, says which steps it lacks, and stays what it was to the byte")
    func oldFile() async throws {
        let path = directory.file("parley.db")
        let old = try DatabaseQueue(path: path)
        try await old.write { try $0.execute(sql: ReleasedSchemas.version1) }
        try old.close()
        let before = try bytes(path)
        let store = try Store(path: path, options: Self.looking)
        let standing = try await store.schemaStanding()
        #expect(standing == SchemaStanding(step: "1-calls", pending: Schema.steps.dropFirst().map(\.name)))
        try await store.verify()
        try await store.checkRights()
        let refused = await #expect(throws: StoreError.self) { try await store.proveWritable() }
        #expect(refused != nil)
        try store.close()
        #expect(try bytes(path) == before)
        // The same file, opened to be worked with.
        let open = try Store(path: path)
        #expect(try await open.schemaStanding() == SchemaStanding(step: Schema.steps.last?.name, pending: []))
        #expect(try await open.story(ofCall: "call-of-version-1").call.outcome == "booked")
    }

    @Test("every older schema is told from this program's", arguments: Schema.steps.dropLast().map(\.name))
    func everyStep(step: String) async throws {
        let path = directory.file("before.db")
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: step)
        try queue.close()
        let before = try bytes(path)
        let store = try Store(path: path, options: Self.looking)
        let standing = try await store.schemaStanding()
        let taken = try #require(Schema.steps.firstIndex(where: { $0.name == step }))
        #expect(standing == SchemaStanding(step: step, pending: Schema.steps[(taken + 1)...].map(\.name)))
        try store.close()
        #expect(try bytes(path) == before)
    }

    @Test("a file that is not there is an error, and is not made, nor is its directory")
    func missing() throws {
        let path = directory.file("none/parley.db")
        let error = #expect(throws: StoreError.self) { try Store(path: path, options: Self.looking) }
        #expect(error?.code == .missing)
        #expect(!FileManager.default.fileExists(atPath: directory.file("none")))
    }

    @Test("beside a service at work it sees what that has stored, and lets it go on")
    func beside() async throws {
        let service = try directory.store()
        try await service.apply([.call(.sample("a"))])
        let store = try directory.store(Self.looking)
        #expect(try await store.calls().calls.map(\.id) == ["a"])
        try await service.apply([.call(.sample("b", second: 1))])
        #expect(try await store.calls().calls.map(\.id) == ["b", "a"])
        try store.close()
        try await service.apply([.call(.sample("c", second: 2))])
    }

    @Test("a file of another program, and one of a newer version, are refused as they are at a start")
    func refused() throws {
        let other = try DatabaseQueue(path: directory.file("songs.db"))
        try other.write { try $0.execute(sql: "CREATE TABLE songs (title TEXT)") }
        let foreign = #expect(throws: StoreError.self) {
            try Store(path: directory.file("songs.db"), options: Self.looking)
        }
        #expect(foreign?.code == .foreign)
        try directory.store().close()
        let newer = try DatabaseQueue(path: directory.file("parley.db"))
        try newer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-future')") }
        let error = #expect(throws: StoreError.self) { try directory.store(Self.looking) }
        #expect(error?.code == .newerVersion)
    }

    @Test("a server's database without tables, and one of version 1, say what they lack and stay as they were")
    func server() async throws {
        let location = try TestServer.shared.get().location()
        let connection = try PostgresConnection(location)
        let db = SQLSession(connection, .postgres)
        let empty = try Store(postgres: location, options: Self.looking)
        #expect(try await empty.schemaStanding() == SchemaStanding(step: nil, pending: Schema.steps.map(\.name)))
        try await empty.checkRights()
        try empty.close()
        #expect(try String.fetchAll(db, sql: db.dialect.tables).isEmpty)

        let first = try #require(Schema.steps.first)
        try connection.command(first.postgres)
        try connection.command("CREATE TABLE parley_schema (step TEXT NOT NULL PRIMARY KEY)")
        try connection.command("INSERT INTO parley_schema (step) VALUES ('\(first.name)')")
        let tables = try String.fetchAll(db, sql: db.dialect.tables)
        let store = try Store(postgres: location, options: Self.looking)
        let standing = try await store.schemaStanding()
        #expect(standing == SchemaStanding(step: first.name, pending: Schema.steps.dropFirst().map(\.name)))
        try await store.verify()
        try await store.checkRights()
        let refused = await #expect(throws: StoreError.self) { try await store.proveWritable() }
        #expect(refused?.code == .notWritable)
        try store.close()
        #expect(try String.fetchAll(db, sql: db.dialect.tables) == tables)
        #expect(try String.fetchAll(db, sql: "SELECT step FROM parley_schema") == [first.name])

        let open = try Store(postgres: location)
        #expect(try await open.schemaStanding().pending.isEmpty)
        try open.close()
    }

    @Test("a server's user needs rights on Parley's tables alone, and to own them only where steps are to be taken")
    func rights() async throws {
        let location = try TestServer.shared.get().location()
        try Store(postgres: location).close()
        let connection = try PostgresConnection(location)
        let db = SQLSession(connection, .postgres)
        let schema = try #require(try String.fetchOne(db, sql: "SELECT CAST(current_schema() AS text)"))
        let (user, owner) = ("user_of_\(schema)", "owner_of_\(schema)")
        // As an extension's table: whoever made the extension owns it.
        for sql in [
            "CREATE TABLE spatial_ref_sys (srid INTEGER)", "CREATE ROLE \(user) LOGIN", "CREATE ROLE \(owner)",
            "GRANT USAGE, CREATE ON SCHEMA \(schema) TO \(user), \(owner)",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema) TO \(user)",
            "REVOKE ALL ON spatial_ref_sys FROM \(user)",
        ] { try connection.command(sql) }
        var theirs = location
        theirs.connection = location.connection.replacing("user=parley", with: "user=\(user)")
        let store = try Store(postgres: theirs, options: Self.looking)
        try await store.verify()
        try await store.checkRights()

        try connection.command("REVOKE INSERT ON calls FROM \(user)")
        let unwritable = await #expect(throws: StoreError.self) { try await store.checkRights() }
        #expect(unwritable?.code == .notWritable && unwritable?.detail.contains("the table calls") == true)
        #expect(unwritable?.detail == "the user may not INSERT on the table calls; let its owner GRANT INSERT ON calls")
        try connection.command("ALTER TABLE calls OWNER TO \(owner)")
        try connection.command("GRANT \(owner) TO \(user)")
        try await store.checkRights()

        let last = try #require(Schema.steps.last)
        try connection.command("DELETE FROM parley_schema WHERE step = '\(last.name)'")
        let unowned = await #expect(throws: StoreError.self) { try await store.checkRights() }
        #expect(unowned?.code == .notWritable && unowned?.detail.contains("the table accounts") == true)
        let tables = try String.fetchAll(db, sql: db.dialect.tables).filter { $0 != "spatial_ref_sys" }
        for table in tables { try connection.command("ALTER TABLE \(table) OWNER TO \(owner)") }
        try await store.checkRights()
        try store.close()
    }

    @Test("each right that a service needs is asked for on each table, and none that it can do without")
    func eachRight() async throws {
        let location = try TestServer.shared.get().location()
        try Store(postgres: location).close()
        let connection = try PostgresConnection(location)
        let db = SQLSession(connection, .postgres)
        let schema = try #require(try String.fetchOne(db, sql: "SELECT CAST(current_schema() AS text)"))
        let user = "keeper_of_\(schema)"
        for sql in [
            "CREATE ROLE \(user) LOGIN", "GRANT USAGE, CREATE ON SCHEMA \(schema) TO \(user)",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema) TO \(user)",
            // The log of who did what is only added to.
            "REVOKE UPDATE, DELETE ON audit_log FROM \(user)", "REVOKE INSERT, DELETE ON audit_chain FROM \(user)",
            "REVOKE INSERT, UPDATE, DELETE ON parley_schema FROM \(user)",
        ] { try connection.command(sql) }
        var theirs = location
        theirs.connection = location.connection.replacing("user=parley", with: "user=\(user)")
        let store = try Store(postgres: theirs, options: Self.looking)
        try await store.checkRights()
        let pruning = await #expect(throws: StoreError.self) { try await store.checkRights(prunesAudit: true) }
        #expect(pruning?.detail.contains("may not DELETE on the table audit_log") == true)
        let needed = [
            ("calls", "SELECT"), ("calls", "INSERT"), ("calls", "UPDATE"), ("calls", "DELETE"), ("contacts", "UPDATE"),
            ("audit_log", "INSERT"), ("audit_log", "SELECT"), ("audit_chain", "UPDATE"),
        ]
        for (table, right) in needed {
            try connection.command("REVOKE \(right) ON \(table) FROM \(user)")
            let error = await #expect(throws: StoreError.self) { try await store.checkRights() }
            #expect(error?.code == .notWritable)
            #expect(error?.detail.hasPrefix("the user may not \(right) on the table \(table);") == true, "\(table)")
            try connection.command("GRANT \(right) ON \(table) TO \(user)")
        }
        try connection.command("REVOKE UPDATE, DELETE ON calls, turns FROM \(user)")
        let several = await #expect(throws: StoreError.self) { try await store.checkRights() }
        #expect(
            several?.detail == "the user may not UPDATE, DELETE on the table calls, and lacks rights on 1 more; "
                + "let its owner GRANT UPDATE, DELETE ON calls")
        try store.close()
    }

    @Test("every table that the steps make on a server is known as Parley's")
    func ownTables() async throws {
        let location = try TestServer.shared.get().location()
        let store = try Store(postgres: location)
        let made = try await store.read("list", "") { try String.fetchSet($0, sql: $0.dialect.tables) }
        #expect(made.isSubset(of: Schema.tables) && made.contains("parley_schema") && made.contains("calls"))
        try store.close()
    }
}
