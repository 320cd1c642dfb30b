import Foundation
import GRDB
import Store
import Testing

@Suite("Backup and restore at the command line")
struct BackupCommandTests {
    @Test("back a database of an older version up as it is, and say that no row of the audit log tells of it")
    func older() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "parley.sqlite").path
        let environment = ["PARLEY_STORE_PATH": path]
        let store = try Store(path: path)
        try await store.add(
            APIKeyRecord(
                id: "k1", name: "wall", scope: .viewer, hash: Data([1]), createdAt: Date(timeIntervalSince1970: 1)))
        try store.close()
        // As one that lacks this program's last step.
        let steps = "SELECT count(*) FROM grdb_migrations"
        let database = try DatabaseQueue(path: path)
        let before = try await database.write { db in
            try db.execute(
                sql: "DELETE FROM grdb_migrations WHERE rowid = (SELECT max(rowid) FROM grdb_migrations)")
            return try Int.fetchOne(db, sql: steps)
        }
        try database.close()
        let backup = try await Command.run("backup", "copy", in: folder.url, environment: environment)
        #expect(backup.status == 0 && backup.output == "backed up to copy\n", "\(backup)")
        #expect(backup.complaints.contains("not in the audit log: backup: the database is of an older"), "\(backup)")
        for file in [path, folder.url.appending(path: "copy").path] {
            let queue = try DatabaseQueue(path: file)
            let after = try await queue.read { try Int.fetchOne($0, sql: steps) }
            #expect(after == before, "\(file)")
            try queue.close()
        }
    }

    @Test("carry over at a restore what was taken back since the backup, and say so")
    func restored() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "parley.sqlite").path
        let environment = ["PARLEY_STORE_PATH": path]
        let store = try Store(path: path)
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        try await store.add(
            APIKeyRecord(id: "k1", name: "wall", scope: .viewer, hash: Data([1]), createdAt: start))
        try store.close()
        let backup = try await Command.run("backup", "copy", in: folder.url, environment: environment)
        #expect(backup.status == 0 && backup.complaints.isEmpty, "\(backup)")
        let newer = try Store(path: path)
        try await newer.revokeKey("k1", at: start)
        try await newer.optOut(number: "+12125550142", reason: "asked", callID: nil, at: start)
        try newer.close()
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path + ".spill.jsonl"))
        let restore = try await Command.run("restore", "copy", in: folder.url, environment: environment)
        #expect(restore.status == 0 && restore.complaints.isEmpty, "\(restore)")
        #expect(
            restore.output.contains(
                "carried over: 1 do-not-call entries, 0 revoked consents, 1 revoked keys, 0 changed accounts"),
            "\(restore)")
        #expect(restore.output.contains(".spill.jsonl, and is not stored"), "\(restore)")
        #expect(!FileManager.default.fileExists(atPath: path + ".spill.jsonl"))
        let after = try Store(path: path)
        #expect(try await after.key("k1")?.revokedAt == start)
        #expect(try await after.suppressionLists().map(\.numbers) == [1])
        #expect(try await after.audit(act: "restore").first?.detail["keys"] == "1")
        try after.close()
        // A database that this program does not know gives nothing, and that is said.
        let database = try DatabaseQueue(path: path)
        try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-future')") }
        try database.close()
        let back = try await Command.run("restore", "copy", in: folder.url, environment: environment)
        #expect(back.status == 0 && back.complaints.hasPrefix("not carried over are do-not-call"), "\(back)")
    }
}
