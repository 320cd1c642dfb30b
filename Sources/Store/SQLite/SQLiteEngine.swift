import Foundation
import GRDB

/// One SQLite file in WAL mode. Any number of processes may open it.
///
/// Durability: what an operation reported as done survives a killed process. A power cut may take the last moments of
/// calls, turns and journal (`synchronous=NORMAL`), but never an appointment or a message, see ``write(durably:_:)``.
final class SQLiteEngine: SQLEngine {
    let pool: DatabasePool

    var dialect: SQLDialect { .sqlite }

    /// Opens the database and brings its schema up to date, unless it is only to be looked at.
    init(path: String, options: StoreOptions) throws {
        try Self.prepareDirectory(of: path, options: options)
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let lock = try OpeningLock(directory: directory, patience: options.busyTimeout)
        pool = try DatabasePool(path: path, configuration: Self.configuration(options))
        if options.isReadOnly {
            try pool.read { try Schema.check($0, path: path) }
        } else {
            try Schema.migrate(pool, path: path)
        }
        _ = consume lock
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLSession) throws -> Value) async throws -> Value {
        try await pool.read { try body(Self.session($0)) }
    }

    func readNow<Value>(_ body: (SQLSession) throws -> Value) throws -> Value {
        try pool.read { try body(Self.session($0)) }
    }

    /// Holds the write lock from its first statement, so that what it reads cannot be changed by another process before it
    /// writes.
    func write<Value: Sendable>(
        durably: Bool, _ body: @escaping @Sendable (SQLSession) throws -> Value
    ) async throws -> Value {
        try await exclusively(durably: durably) { try body(Self.session($0)) }
    }

    /// A transaction in the engine's own terms.
    func exclusively<Value: Sendable>(
        durably: Bool = false, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try Self.transaction(on: db, durably: durably, body) })
            }
        }
        return try result.get()
    }

    func verify() async throws {
        let (faults, path) = (try await pool.read { try String.fetchAll($0, sql: "PRAGMA quick_check(5)") }, pool.path)
        guard faults != ["ok"] else { return }
        throw StoreError(
            .damaged, operation: "verify the database", subject: path, detail: faults.joined(separator: "; "))
    }

    func close() throws {
        // Leaves everything in one file. Where somebody else is at work in it that is left to them. The wrapper hands a
        // connection that was closed before to the engine, which does not live through that.
        _ = try? pool.writeWithoutTransaction { db in
            if unsafe db.sqliteConnection != nil { try db.checkpoint(.truncate) }
        }
        try pool.close()
    }

    static func session(_ db: Database) -> SQLSession { SQLSession(SQLiteConnection(db), .sqlite) }

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

    /// Of the connection that writes, KiB.
    private static let writerCache = 8192
    /// Pages in the log of writes before they are brought over into the file: 32 MB of a new database.
    private static let logPages = 4000

    private static func configuration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.readonly = options.isReadOnly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(options.busyTimeout / .seconds(1))
        configuration.prepareDatabase { db in
            // Of a new database: inputs of journals of half a kilobyte and more leave much of a smaller page empty.
            try db.execute(sql: "PRAGMA page_size = 8192")
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            // What is deleted is overwritten, whatever the engine was built with.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            if !db.configuration.readonly {
                // A hundred calls at a time come back to more pages than the usual 2 MB hold, which would be read again for
                // each of their rows.
                try db.execute(sql: "PRAGMA cache_size = -\(Self.writerCache)")
                // A page that is written again and again goes into the file once each time that the log is brought over.
                try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.logPages)")
            }
            if let size = options.maximumSize {
                let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
                try db.execute(sql: "PRAGMA max_page_count = \(max(size / pageSize, 1))")
            }
        }
        return configuration
    }

    private static func prepareDirectory(of path: String, options: StoreOptions) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        guard options.createsFile, !options.isReadOnly else {
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
