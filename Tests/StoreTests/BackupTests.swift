import Foundation
import GRDB
import Testing

@testable import Store

@Suite("A backup")
struct BackupTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var database: String { directory.file("parley.db") }

    @Test("holds what was stored when it was made, although calls go on, and can be put in the database's place")
    func roundTrip() async throws {
        let store = try directory.store()
        for number in 0..<20 { try await store.apply([.call(.sample("c\(number)", second: number))]) }
        // Somebody writes all the while.
        try await withThrowingTaskGroup { group in
            group.addTask {
                for number in 20..<60 { try await store.apply([.call(.sample("c\(number)", second: number))]) }
            }
            try store.backUp(to: directory.file("backup.db"))
            try await group.waitForAll()
        }
        #expect(try await store.calls(limit: 1000).calls.count == 60)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("backup.db"))
        #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "others cannot read it")
        #expect(!FileManager.default.fileExists(atPath: directory.file("backup.db-wal")))
        try store.close()

        let kept = try #require(try Store.restore(directory.file("backup.db"), to: database))
        let restored = try directory.store()
        let count = try await restored.calls(limit: 1000).calls.count
        #expect((20...60).contains(count))
        try await restored.verify()
        try restored.close()
        let before = try Store(path: kept)
        #expect(try await before.calls(limit: 1000).calls.count == 60)
        try before.close()
    }

    @Test("does not overwrite a file, and leaves nothing half done")
    func existing() throws {
        let store = try directory.store()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: directory.file("backup.db")))
        let error = #expect(throws: StoreError.self) { try store.backUp(to: directory.file("backup.db")) }
        #expect(error?.code == .exists)
        #expect(throws: StoreError.self) { try store.backUp(to: directory.file("no/such/folder.db")) }
        try store.close()
        #expect(try String(contentsOfFile: directory.file("backup.db"), encoding: .utf8) == "mine")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(!names.contains { $0.hasSuffix(".part") })
    }

    @Test("is not put in the place of a database that somebody has open")
    func inUse() async throws {
        let store = try directory.store()
        try await store.apply([.call(.sample("c1"))])
        try store.backUp(to: directory.file("backup.db"))
        let error = #expect(throws: StoreError.self) { try Store.restore(directory.file("backup.db"), to: database) }
        #expect(error?.code == .locked && error?.description.contains("stop the service first") == true)
        #expect(try await store.calls().calls.map(\.id) == ["c1"])
        try store.close()
    }

    @Test("that is none, is of another program, is newer or damaged is refused, and the database stays as it is")
    func refused() async throws {
        let store = try directory.store()
        try await store.apply([.call(.sample("c1"))])
        try store.backUp(to: directory.file("damaged.db"))
        try store.backUp(to: directory.file("newer.db"))
        try store.close()
        let newer = try DatabaseQueue(path: directory.file("newer.db"))
        try await newer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-future')") }
        try newer.close()
        let foreign = try DatabaseQueue(path: directory.file("foreign.db"))
        try await foreign.write { try $0.execute(sql: "CREATE TABLE birds (name TEXT)") }
        try foreign.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: directory.file("damaged.db")))
        for place in stride(from: 4096, to: bytes.count, by: 7) { bytes[place] = 0x55 }
        try bytes.write(to: URL(fileURLWithPath: directory.file("damaged.db")))
        try Data("a shopping list".utf8).write(to: URL(fileURLWithPath: directory.file("text.db")))
        for (name, code) in [
            ("missing.db", StoreError.Code.missing), ("foreign.db", .foreign), ("newer.db", .newerVersion),
            ("damaged.db", .damaged), ("text.db", .damaged),
        ] {
            let error = #expect(throws: StoreError.self) { try Store.restore(directory.file(name), to: database) }
            #expect(error?.code == code, "\(name): \(error?.description ?? "")")
        }
        let again = try directory.store()
        #expect(try await again.calls().calls.map(\.id) == ["c1"])
        try again.close()
    }

    @Test("takes the file of rows that waited along with the database that they waited for")
    func spill() throws {
        let store = try directory.store()
        try store.backUp(to: directory.file("backup.db"))
        try store.close()
        // Nothing waits in space that is only reserved.
        let spill = database + ".spill.jsonl"
        try Data(count: 64).write(to: URL(fileURLWithPath: spill))
        let empty = try #require(try Store.restore(directory.file("backup.db"), to: database))
        #expect(Store.spill(besides: empty) == nil)
        #expect(!FileManager.default.fileExists(atPath: spill))
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: spill))
        let kept = try #require(try Store.restore(directory.file("backup.db"), to: database))
        let moved = try #require(Store.spill(besides: kept))
        #expect(try String(contentsOfFile: moved, encoding: .utf8) == "{}\n")
        #expect(!FileManager.default.fileExists(atPath: spill))
    }

    @Test("of an older schema is made without a step of it being taken")
    func older() async throws {
        let old = try DatabaseQueue(path: database)
        try await old.write { try $0.execute(sql: ReleasedSchemas.version1) }
        try old.close()
        let store = try Store(path: database, options: StoreOptions(createsFile: false, isReadOnly: true))
        try store.backUp(to: directory.file("backup.db"))
        try store.close()
        for path in [database, directory.file("backup.db")] {
            let looked = try Store(path: path, options: StoreOptions(isReadOnly: true))
            #expect(try await looked.schemaStanding().step == "1-calls")
            try looked.close()
        }
    }

    @Test("can be put where no database is, and where a broken one is")
    func replaces() async throws {
        let store = try directory.store()
        try await store.apply([.call(.sample("c1"))])
        try store.backUp(to: directory.file("backup.db"))
        try store.close()
        let fresh = directory.file("elsewhere/parley.db")
        #expect(try Store.restore(directory.file("backup.db"), to: fresh) == nil)
        // With what a process that died has left beside it.
        for name in ["parley.db", "parley.db-wal"] {
            try Data("no database".utf8).write(to: URL(fileURLWithPath: directory.file(name)))
        }
        let kept = try #require(try Store.restore(directory.file("backup.db"), to: database))
        #expect(FileManager.default.fileExists(atPath: kept + "-wal"))
        #expect(!FileManager.default.fileExists(atPath: database + "-wal"))
        for path in [fresh, database] {
            let restored = try Store(path: path)
            #expect(try await restored.calls().calls.map(\.id) == ["c1"])
            try restored.close()
        }
    }
}
