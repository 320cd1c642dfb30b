import Foundation

/// A PostgreSQL database; any number of nodes may use it.
///
/// Every transaction that writes is serializable: the server refuses one that could have seen what another one changes, and
/// it is run again. So operations that were written for one writer at a time stay right with many.
///
/// Durability: what was to be durable is on the server's disk when the operation returns. Other writes may be lost, never
/// torn, when the server's machine fails within a second (`synchronous_commit = off`).
final class PostgresEngine: SQLEngine {
    /// How often a transaction is begun in all. Each conflict means that another one has gone through.
    private static let mostTries = 50

    let pool: PostgresPool

    var dialect: SQLDialect { .postgres }

    private let isReadOnly: Bool

    /// Connects and brings the schema up to date, unless it is only to be looked at.
    init(_ location: PostgresLocation, options: StoreOptions) throws {
        pool = PostgresPool(location)
        isReadOnly = options.isReadOnly
        let connection = try PostgresConnection(location)
        if isReadOnly {
            try PostgresSchema.check(connection)
        } else {
            try PostgresSchema.migrate(connection, creates: options.createsFile)
        }
    }

    deinit { pool.close() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLSession) throws -> Value) async throws -> Value {
        try await pool.run { try Self.snapshot($0, body) }
    }

    func readNow<Value>(_ body: (SQLSession) throws -> Value) throws -> Value {
        var connection: PostgresConnection?
        return try PostgresSlot.persist(&connection, at: pool.location) { try Self.snapshot($0, body) }
    }

    func write<Value: Sendable>(
        durably: Bool, _ body: @escaping @Sendable (SQLSession) throws -> Value
    ) async throws -> Value {
        guard !isReadOnly else {
            throw SQLFailure(code: .notWritable, detail: "the database was opened to be looked at only")
        }
        // The local setting ends with the transaction.
        let begin = "BEGIN ISOLATION LEVEL SERIALIZABLE" + (durably ? "" : "; SET LOCAL synchronous_commit TO OFF")
        return try await pool.run { try Self.transaction($0, begin: begin, body) }
    }

    /// Reads every row of ours, so that the server meets every page that holds one.
    func verify() async throws {
        _ = try await read { db in
            // A large table takes longer than any operation may.
            try db.execute(sql: "SET LOCAL statement_timeout = 0")
            for table in try String.fetchAll(db, sql: db.dialect.tables) where Schema.tables.contains(table) {
                _ = try SQLRow.fetchOne(db, sql: "SELECT count(*), max(length(\"\(table)\"::text)) FROM \"\(table)\"")
            }
        }
    }

    /// The server's own clean-up does it.
    func forgetDeletedWords(begins: Bool) async throws {}

    func backUp(to file: String) throws {
        throw StoreError(
            .failed, operation: "back up the database", subject: file,
            detail: "the database is on a PostgreSQL server; copy it with pg_dump")
    }

    func close() throws { pool.close() }

    private static func snapshot<Value>(
        _ connection: PostgresConnection, _ body: (SQLSession) throws -> Value
    ) throws -> Value {
        try transaction(connection, begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    private static func transaction<Value>(
        _ connection: PostgresConnection, begin: String, _ body: (SQLSession) throws -> Value
    ) throws -> Value {
        var tries = 0
        while true {
            tries += 1
            do {
                return try once(connection, begin: begin, body)
            } catch let failure as SQLFailure {
                guard let retry = failure.retry, tries < mostTries else { throw failure }
                if retry == .staleStatement { try connection.forgetStatements() }
                // Apart, so that two do not meet again at once.
                if tries > 2 { usleep(UInt32.random(in: 0...UInt32(min(tries * 500, 10_000)))) }
            }
        }
    }

    private static func once<Value>(
        _ connection: PostgresConnection, begin: String, _ body: (SQLSession) throws -> Value
    ) throws -> Value {
        let value: Value
        do {
            try connection.command(begin)
            value = try body(SQLSession(connection, .postgres))
        } catch {
            guard connection.isAlive else {
                throw LostBeforeCommit(
                    failure: error as? SQLFailure ?? SQLFailure(code: .unreachable, detail: "\(error)"))
            }
            _ = try? connection.command("ROLLBACK")
            throw error
        }
        do {
            // A transaction in which a statement has failed ends otherwise, and the server calls that a success.
            guard try connection.command("COMMIT") == "COMMIT" else {
                throw SQLFailure(code: .failed, detail: "the server has rolled the transaction back")
            }
        } catch var failure as SQLFailure {
            if !connection.isAlive {
                failure.code = .unreachable
                failure.detail += "; whether the last transaction was kept is not known"
            }
            throw failure
        }
        return value
    }
}
