import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Opening a database")
struct StoreOpeningTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("makes the directory and the file, in WAL mode, with foreign keys and normal synchronisation")
    func makesFile() async throws {
        let store = try Store(path: directory.file("deep/er/parley.db"))
        let (mode, keys) = try await store.read("look", "") { db in
            (
                try String.fetchOne(db, sql: "PRAGMA journal_mode"), try Int.fetchOne(db, sql: "PRAGMA foreign_keys")
            )
        }
        #expect(mode == "wal" && keys == 1)
        let synchronous = try await store.write("look", "") { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(synchronous == 1)
    }

    @Test("who writes has a cache for many calls at a time, and seldom brings the log over; who reads has neither")
    func writer() async throws {
        let store = try directory.store()
        let writes = try await store.write("look", "") { db in
            [
                try Int.fetchOne(db, sql: "PRAGMA cache_size"), try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint"),
            ]
        }
        #expect(writes == [-8192, 4000])
        let reads = try await store.read("look", "") { try Int.fetchOne($0, sql: "PRAGMA cache_size") }
        #expect(reads != -8192)
    }

    @Test("a durable write waits for the disk, and only it does")
    func durable() async throws {
        let store = try directory.store()
        let during = try await store.write("look", "", durably: true) {
            try Int.fetchOne($0, sql: "PRAGMA synchronous")
        }
        let after = try await store.write("look", "") { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(during == 2)
        #expect(after == 1)
    }

    @Test("a missing file is an error where none may be made, and none is made")
    func missing() throws {
        let path = directory.file("none.db")
        #expect(code { try Store(path: path, options: StoreOptions(createsFile: false)) } == .missing)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a directory that cannot be made is named")
    func unwritable() throws {
        try Data().write(to: URL(fileURLWithPath: directory.file("file")))
        #expect(code { try Store(path: directory.file("file/below/parley.db")) } == .notWritable)
    }

    @Test("a path that is a directory is refused")
    func isDirectory() { #expect(code { try Store(path: directory.path) } == .notWritable) }

    @Test("a file that is no database is damaged, and stays as it was")
    func damaged() throws {
        let garbage = Data(repeating: 0x41, count: 8192)
        try garbage.write(to: URL(fileURLWithPath: directory.file("parley.db")))
        #expect(code { try directory.store() } == .damaged)
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.file("parley.db"))) == garbage)
    }

    @Test("a page that was overwritten is found by looking through the file")
    func overwritten() async throws {
        do {
            let store = try directory.store()
            try await store.apply([.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 2000))
            try await store.verify()
            try store.close()
        }
        let file = URL(fileURLWithPath: directory.file("parley.db"))
        var bytes = try Data(contentsOf: file)
        #expect(bytes.count > 40 * 4096)
        bytes.replaceSubrange(30 * 4096..<32 * 4096, with: Data(repeating: 0x5A, count: 2 * 4096))
        try bytes.write(to: file)
        let error = await #expect(throws: StoreError.self) { try await directory.store().verify() }
        #expect(error?.code == .damaged)
    }

    @Test("a closed store fails, and does not trap")
    func closed() async throws {
        let store = try directory.store()
        try store.close()
        await #expect(throws: StoreError.self) { try await store.calls() }
        await #expect(throws: StoreError.self) { try await store.apply([.call(.sample("a"))]) }
        // A service closes its store when it ends, whoever has closed it before.
        try? store.close()
    }

    @Test("a database of another program is refused and not touched")
    func foreign() throws {
        let other = try DatabaseQueue(path: directory.file("parley.db"))
        try other.write { try $0.execute(sql: "CREATE TABLE songs (title TEXT)") }
        #expect(code { try directory.store() } == .foreign)
        #expect(try other.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") } == ["songs"])
    }

    @Test("a database of a newer version is refused with the steps it knows and we do not")
    func newer() throws {
        try directory.store().close()
        let other = try DatabaseQueue(path: directory.file("parley.db"))
        try other.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-future')") }
        let error = #expect(throws: StoreError.self) { try directory.store() }
        #expect(error?.code == .newerVersion)
        #expect(error?.description.contains("99-future") == true)
    }

    @Test("a database of version 1 gets the newer tables and keeps its data")
    func migrates() async throws {
        try writeVersion1(to: directory.file("parley.db"))
        let store = try directory.store()
        let story = try await store.story(ofCall: "call-of-version-1")
        #expect(story.call.outcome == "booked")
        #expect(story.call.counts == CallCounts(callerTurns: 1, agentTurns: 1, toolCalls: 1))
        #expect(story.turns.map(\.text) == ["i need an appointment", "When would suit you?"])
        #expect(story.turns.last?.latency?.total == 430_000)
        let found = try await store.calls(matching: CallFilter(text: "an appointment"))
        #expect(found.hits.map { $0.snippet.filter(\.isHit).map(\.text) } == [["an", "appointment"]])
        #expect(story.tools.map(\.name) == ["free_slots"])
        #expect(story.recordings.map(\.callerSamples) == [96_000])
        #expect(story.incidents.map(\.kind) == ["silentLine"])
        #expect(try await store.journal(ofCall: "call-of-version-1").map(\.kind) == ["mediaStarted", "voiceStarted"])
        #expect(try await store.journal(ofCall: "call-of-version-1").allSatisfy { $0.decisions == nil })
        let calendar = AppointmentCalendar(store: store, zone: .gmt)
        #expect(try await calendar.messages().isEmpty)
    }

    @Test(
        "every older schema keeps its journals, campaigns, contacts and attempts",
        arguments: Schema.steps.dropLast().map(\.name))
    func keepsJournals(step: String) async throws {
        let path = directory.file("before.db")
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: step)
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO calls (id, revision, carrier, direction, caller, callee, agent, agent_version, started_at,
                        duration, caller_turns, agent_turns, not_understood, interruptions, tool_calls)
                    VALUES ('old', 1, 'twilio', 'inbound', '+1', '+2', 'sdr', 'a', 1800000000000, 40000, 2, 3, 1, 0, 0);
                    INSERT INTO journal (call_id, sequence, position, kind, payload)
                    VALUES ('old', 0, 0, 'mediaStarted', x'7b7d'), ('old', 1, 8000, 'timer', x'7b7d');
                    """)
            guard try db.tableExists("attempts") else { return }
            try db.execute(sql: CampaignOfBefore.rows)
        }
        let hasAttempts = try await queue.read { try $0.tableExists("attempts") }
        try queue.close()
        let store = try Store(path: path)
        try await store.apply((2..<9).map { .journal(StoreWrite.entry($0, of: "old")) })
        let journal = try await store.journal(ofCall: "old")
        #expect(journal.map(\.sequence) == Array(0..<9))
        #expect(journal[1].kind == "timer" && journal[1].payload == Data("{}".utf8))
        if hasAttempts { try await CampaignOfBefore.expect(in: store) }
    }

    @Test("agent turns that were numbered by reply get the number of the turn they answer, and none is lost")
    func renumbersTurns() async throws {
        try writeVersion1(to: directory.file("parley.db"))
        let old = try DatabaseQueue(path: directory.file("parley.db"))
        try await old.write { db in
            try db.execute(sql: "DELETE FROM turns")
            // Greeting, answer, "are you there?", the answer that comes after a second turn.
            for (number, speaker, started) in [
                (1, "agent", 100), (1, "caller", 8000), (2, "agent", 20_000), (3, "agent", 40_000),
                (2, "caller", 50_000),
                (4, "agent", 60_000),
            ] {
                try db.execute(
                    sql: """
                        INSERT INTO turns (call_id, number, speaker, started, text, entities, interrupted)
                        VALUES ('call-of-version-1', ?, ?, ?, 'x', '{}', 0)
                        """, arguments: [number, speaker, started])
            }
        }
        try old.close()
        let turns = try await directory.store().story(ofCall: "call-of-version-1").turns
        #expect(
            turns.map { "\($0.speaker) \($0.number).\($0.part)" } == [
                "agent 0.0", "caller 1.0", "agent 1.0", "agent 1.1", "caller 2.0", "agent 2.0",
            ])
    }

    @Test("four processes that open a new database at the same moment all get it")
    func atOnce() async throws {
        let path = directory.path
        await withTaskGroup { group in
            for number in 0..<4 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String, number = number as Int] in
                        try Starter.wait(for: 4, in: path, as: number)
                        let store = try Store(path: path + "/new/parley.db")
                        try await store.apply([.call(.sample("call-\(number)"))])
                        try store.close()
                    }
                }
            }
        }
        let store = try Store(path: path + "/new/parley.db")
        #expect(try await store.calls().calls.count == 4)
    }

    @Test("whoever waits too long for another process that is opening is told so, and may try again")
    func openedElsewhere() throws {
        let lock = try OpeningLock(directory: directory.path, patience: .zero)
        let error = #expect(throws: StoreError.self) { try directory.store(StoreOptions(busyTimeout: .zero)) }
        #expect(error?.code == .locked)
        #expect(error?.detail.contains("another process") == true)
        _ = consume lock
        try directory.store(StoreOptions(busyTimeout: .zero)).close()
    }

    @Test("a file whose first step was cut short before it was marked as ours is finished")
    func cutShort() async throws {
        let other = try DatabaseQueue(path: directory.file("parley.db"))
        try await other.write {
            try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try other.close()
        #expect(try await directory.store().calls().calls.isEmpty)
    }

    @Test("nobody else on the machine may read the database or its side files")
    func permissions() async throws {
        let store = try directory.store()
        try await store.apply([.call(.sample("a"))])
        for name in ["parley.db", "parley.db-wal", "parley.db-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("an old and a fresh database end with the same tables")
    func sameSchema() async throws {
        let fresh = try directory.store()
        try writeVersion1(to: directory.file("upgraded.db"))
        let upgraded = try Store(path: directory.file("upgraded.db"))
        let sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        let left = try await fresh.read("look", "") { try String.fetchAll($0, sql: sql) }
        let right = try await upgraded.read("look", "") { try String.fetchAll($0, sql: sql) }
        #expect(left == right)
        #expect(left.count > 15)
    }

    @Test("errors say what was done to what, why, and what to do", arguments: StoreError.Code.allCases)
    func sentences(code: StoreError.Code) {
        let error = StoreError(code, operation: "open the database", subject: "/x/y.db", detail: "no such luck")
        for part in ["open the database", "/x/y.db", "no such luck", code.rawValue, error.advice] {
            #expect(error.description.contains(part))
        }
        #expect(!error.advice.isEmpty)
    }

    /// The file that version 1 left behind.
    private func writeVersion1(to path: String) throws {
        let old = try DatabaseQueue(path: path)
        try old.write { try $0.execute(sql: ReleasedSchemas.version1) }
        try old.close()
    }

    private func code(_ body: () throws -> some Any) -> StoreError.Code? {
        do { _ = try body() } catch let error as StoreError { return error.code } catch {}
        return nil
    }
}
