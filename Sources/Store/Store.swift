import Foundation
import GRDB

/// Everything Parley remembers, in one SQLite file in WAL mode.
///
/// Operations speak in records and plain values; no type of the engine leaves this target, so that another engine can
/// stand behind the same operations. Any number of processes may open the same file.
///
/// Durability: what an operation reported as done survives a killed process. A power cut may take the last moments of
/// calls, turns and journal (`synchronous=NORMAL`), but never an appointment or a message (see
/// ``write(_:_:durably:_:)``).
package final class Store: Sendable {
    /// Where the database is.
    package let path: String
    let pool: DatabasePool

    /// Opens the database and brings its schema up to date.
    ///
    /// Blocks for as long as a migration takes: call it at start-up, not during calls.
    /// - Throws: ``StoreError`` with `missing`, `notWritable`, `damaged`, `foreign`, `newerVersion`, `diskFull` or
    ///   `locked`.
    package init(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) {
        self.path = path
        do {
            try Self.prepareDirectory(of: path, options: options)
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let lock = try OpeningLock(directory: directory, patience: options.busyTimeout)
            pool = try DatabasePool(path: path, configuration: Self.configuration(options))
            try Schema.migrate(pool, path: path)
            _ = consume lock
        } catch {
            throw StoreError(error, operation: "open the database", subject: path)
        }
    }

    /// Closes the file. Operations that follow fail.
    package func close() throws(StoreError) {
        // Leaves everything in one file. Where somebody else is at work in it that is left to them.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        do { try pool.close() } catch { throw StoreError(error, operation: "close the database", subject: path) }
    }

    /// Looks through the whole file for pages that contradict each other. Reads all of it, so it takes its time.
    ///
    /// - Throws: ``StoreError`` with `damaged`, naming the first faults.
    package func verify() async throws(StoreError) {
        let path = path
        try await read("verify the database", path) { db in
            let faults = try String.fetchAll(db, sql: "PRAGMA quick_check(5)")
            guard faults != ["ok"] else { return }
            throw StoreError(
                .damaged, operation: "verify the database", subject: path, detail: faults.joined(separator: "; "))
        }
    }

    /// Reads a snapshot; writers are not held up.
    func read<Value: Sendable>(
        _ operation: String, _ subject: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StoreError(error, operation: operation, subject: subject)
        }
    }

    /// Runs `body` in one transaction that holds the write lock from its first statement, so that what it reads
    /// cannot be changed by another process before it writes.
    ///
    /// Not cancellable: a caller who hangs up must not leave it open whether an appointment was booked.
    /// - Parameter durably: waits until the disk has it, for what somebody was promised.
    func write<Value: Sendable>(
        _ operation: String, _ subject: String, durably: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try Self.transaction(on: db, durably: durably, body) })
            }
        }
        do {
            return try result.get()
        } catch {
            throw StoreError(error, operation: operation, subject: subject)
        }
    }

    private static func transaction<Value>(
        on db: Database, durably: Bool, _ body: (Database) throws -> Value
    ) throws -> Value {
        // The pragma has no effect inside a transaction, hence around it.
        if durably { try db.execute(sql: "PRAGMA synchronous = FULL") }
        defer { if durably { try? db.execute(sql: "PRAGMA synchronous = NORMAL") } }
        var value: Value?
        try db.inTransaction(.immediate) {
            value = try body(db)
            return .commit
        }
        guard let value else { preconditionFailure("a committed transaction has a value") }
        return value
    }

    private static func configuration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(options.busyTimeout / .seconds(1))
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            // What is deleted is overwritten, whatever the engine was built with.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            if let size = options.maximumSize {
                let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
                try db.execute(sql: "PRAGMA max_page_count = \(max(size / pageSize, 1))")
            }
        }
        return configuration
    }

    private static func prepareDirectory(of path: String, options: StoreOptions) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        guard options.createsFile else {
            throw StoreError(.missing, operation: "open the database", subject: path, detail: "there is no such file")
        }
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw StoreError(
                .notWritable, operation: "make the directory of the database", subject: directory.path,
                detail: "\(error.localizedDescription)")
        }
        // It will hold what people said on the phone. The engine gives its side files the same permissions.
        try PrivateFile.make(path)
    }
}
