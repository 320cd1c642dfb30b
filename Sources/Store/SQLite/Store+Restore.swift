package import Foundation
import GRDB

extension Store {
    /// Puts a backup in the place of a database that nobody has open. What was there is kept beside it.
    ///
    /// - Parameters:
    ///   - backup: what ``backUp(to:)`` made, by this version or an older one.
    ///   - path: of the database.
    /// - Returns: where the database that was there is now; nil when there was none.
    /// - Throws: ``StoreError``; then everything is as it was.
    package static func restore(_ backup: String, to path: String, now: Date = Date()) throws(StoreError) -> String? {
        let operation = "restore the database"
        let part = path + ".restoring"
        do {
            do { try check(backup) } catch {
                throw StoreError(error, operation: "read the backup", subject: backup)
            }
            try takeAlone(path)
            try? FileManager.default.removeItem(atPath: part)
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try PrivateFile.make(part)
            let (source, copy) = (
                try DatabaseQueue(path: backup, configuration: readOnly), try DatabaseQueue(path: part)
            )
            try source.backup(to: copy)
            try copy.close()
            try source.close()
            let kept = try setAside(path, now: now)
            try FileManager.default.moveItem(atPath: part, toPath: path)
            return kept
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw StoreError(error, operation: operation, subject: path)
        }
    }

    /// Where the rows are that waited for a database which ``restore(_:to:now:)`` has set aside; nil where none did.
    package static func spill(besides kept: String) -> String? {
        let path = kept + spillSuffix
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        // Its space is reserved; unused, it is zeros.
        guard let first = (try? file.read(upToCount: 1))?.first, first != 0 else { return nil }
        return path
    }

    /// Behind the name of a database: the file of rows that wait for it.
    private static let spillSuffix = ".spill.jsonl"

    /// Moves a database out of the way, with the files that belong to it: what the one before had still to write must
    /// not be written into the next, nor what waited to be.
    private static func setAside(_ path: String, now: Date) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let name = path + ".before-" + now.formatted(.iso8601.timeSeparator(.omitted))
        var (aside, count) = (name, 1)
        // Two within a second.
        while FileManager.default.fileExists(atPath: aside) {
            count += 1
            aside = "\(name)-\(count)"
        }
        for suffix in ["-wal", "-shm", spillSuffix, ""] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
        }
        return aside
    }

    private static var readOnly: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }

    /// Refuses what is no whole database of ours.
    private static func check(_ backup: String) throws {
        guard FileManager.default.fileExists(atPath: backup) else {
            throw StoreError(.missing, operation: "read the backup", subject: backup, detail: "there is no such file")
        }
        let queue = try DatabaseQueue(path: backup, configuration: readOnly)
        defer { try? queue.close() }
        try queue.read { db in
            guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
                throw StoreError(
                    .foreign, operation: "read the backup", subject: backup, detail: "it is no database of Parley")
            }
            if try Schema.migrator.hasBeenSuperseded(db) {
                throw StoreError(
                    .newerVersion, operation: "read the backup", subject: backup,
                    detail: "its schema has steps unknown here")
            }
            let faults = try String.fetchAll(db, sql: "PRAGMA quick_check(5)")
            guard faults == ["ok"] else {
                throw StoreError(
                    .damaged, operation: "read the backup", subject: backup, detail: faults.joined(separator: "; "))
            }
        }
    }

    /// Proves that nobody has the database open, and brings everything of it into one file.
    private static func takeAlone(_ path: String) throws {
        // What is no database nobody works on, and SQLite would throw away what lies beside it.
        guard try isDatabase(path) else { return }
        var configuration = Configuration()
        configuration.busyMode = .immediateError
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            // Leaving the mode in which several work on it takes that there is no other.
            let mode = try queue.writeWithoutTransaction {
                try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE")
            }
            guard mode == "delete" else {
                throw StoreError(.locked, operation: "take the database", subject: path, detail: "it is in use")
            }
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
            throw StoreError(
                .locked, operation: "take the database", subject: path,
                detail: "a process has it open; stop the service first")
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            // What a backup is for.
        }
    }

    /// Whether a file begins as SQLite's do (SQLite database file format, 1.3.1).
    private static func isDatabase(_ path: String) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return try file.read(upToCount: 16) == Data("SQLite format 3\0".utf8)
    }
}
