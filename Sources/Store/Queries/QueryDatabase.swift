import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// An SQLite file of somebody else's that is only ever read.
///
/// Three locks, each enough by itself: the file is opened for reading, the connection refuses to write
/// (`query_only`), and a statement that the engine does not call read-only is not run. A connection lives for one
/// query, so that a file that was replaced is seen, and nothing of one call is left for another.
package final class QueryDatabase: Sendable {
    /// Where the file is.
    package let path: String
    private let concurrent: Int
    private let running = Atomic<Int>(0)
    private let queue = DispatchQueue(label: "parley.queries", attributes: .concurrent)

    /// Bytes of one value or row inside the engine: keeps a query from filling the memory.
    private static let largestValue: CInt = 16 << 20

    /// - Parameter concurrent: queries that may run at a time; further ones are refused at once.
    package init(path: String, concurrent: Int = 8) {
        self.path = path
        self.concurrent = concurrent
    }

    /// Looks whether a statement can be run, without running it. Blocks for a moment.
    ///
    /// - Throws: ``StoreError`` with `missing` when there is no such file, `rejected` for what is no query: it writes, is
    ///   several statements, names what does not exist, or has a parameter without a name.
    package func check(_ sql: String) throws(StoreError) -> QueryShape {
        try open(patience: .seconds(1)) { db in
            let statement = try Self.query(sql, in: db)
            return QueryShape(parameters: try Self.parameters(of: statement), columns: statement.columnNames)
        }
    }

    /// Runs a query.
    ///
    /// - Parameters:
    ///   - values: by parameter; those that are missing are null.
    /// - Throws: ``StoreError`` with `cancelled` when the time was over, `locked` when too many are under way or a writer
    ///   held the file, `rejected` as ``check(_:)``, and what opening and reading a file may bring.
    package func run(
        _ sql: String, _ values: [String: QueryValue], limits: QueryLimits
    ) async throws(StoreError) -> QueryResult {
        let end = ContinuousClock.now + limits.time
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= concurrent else {
            running.wrappingSubtract(1, ordering: .relaxed)
            throw StoreError(
                .locked, operation: "query the database", subject: path, detail: "\(concurrent) queries run already")
        }
        defer { running.wrappingSubtract(1, ordering: .relaxed) }
        let result: Result<QueryResult, StoreError> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                continuation.resume(
                    returning: Result { () throws(StoreError) in
                        try open(patience: limits.time) { try Self.fetch(sql, values, limits, until: end, in: $0) }
                    })
            }
        }
        return try result.get()
    }

    /// Reads every row of a query, one after the other and never more than one at a time. Blocks until it is over, and holds
    /// the file open for reading meanwhile.
    ///
    /// - Parameters:
    ///   - time: after which it is ended.
    ///   - take: given the values of a row in the order of its columns; what it throws ends the reading.
    /// - Throws: ``StoreError`` as ``run(_:_:limits:)``, and with `failed` for what `take` throws.
    package func forEachRow(
        _ sql: String, within time: Duration, _ take: ([QueryValue]) throws -> Void
    ) throws(StoreError) {
        let end = ContinuousClock.now + time
        try open(patience: .seconds(5)) { db in
            let timer = QueryTimer(end: end)
            try unsafe timer.limit(db.sqliteConnection) {
                let rows = try Row.fetchCursor(try Self.query(sql, in: db))
                while let row = try rows.next() { try take(row.map { QueryValue($0.1) }) }
            }
        }
    }

    private func open<Value>(
        patience: Duration, _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.missing, operation: "query the database", subject: path, detail: "there is no such file")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(patience / .seconds(1))
        configuration.label = "parley.query"
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA query_only = 1")
            // Views and triggers of the file may not call what has effects.
            try db.execute(sql: "PRAGMA trusted_schema = 0")
            // SAFETY: the connection is open, and this thread is the one that uses it.
            _ = unsafe sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, Self.largestValue)
            _ = unsafe sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_ATTACHED, 0)
        }
        do {
            let connection = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? connection.close() }
            return try connection.unsafeRead(body)
        } catch {
            throw StoreError(error, operation: "query the database", subject: path)
        }
    }

    /// The statement, if it is one that only reads.
    private static func query(_ sql: String, in db: Database) throws -> Statement {
        let statement: Statement
        do { statement = try db.makeStatement(sql: sql) } catch let error as DatabaseError {
            guard error.resultCode == .SQLITE_ERROR || error.resultCode == .SQLITE_MISUSE else { throw error }
            throw refused(error.message ?? "\(error.resultCode)")
        }
        guard statement.isReadonly else { throw refused("the statement writes; only what reads is run") }
        guard statement.columnCount > 0 else { throw refused("the statement returns nothing; write a SELECT") }
        return statement
    }

    private static func refused(_ detail: String) -> StoreError {
        StoreError(.rejected, operation: "query the database", subject: "the statement", detail: detail)
    }

    private static func parameters(of statement: Statement) throws -> Set<String> {
        var names: Set<String> = []
        // SAFETY: the statement is open; the engine's text is copied at once.
        let pointer = unsafe statement.sqliteStatement
        for index in 0..<(unsafe sqlite3_bind_parameter_count(pointer)) {
            guard let text = unsafe sqlite3_bind_parameter_name(pointer, index + 1) else {
                throw refused("a parameter without a name; write :name")
            }
            let name = unsafe String(cString: text)
            guard name.hasPrefix(":") else { throw refused("the parameter \(name) must be written :name") }
            names.insert(String(name.dropFirst()))
        }
        return names
    }

    private static func fetch(
        _ sql: String, _ values: [String: QueryValue], _ limits: QueryLimits, until end: ContinuousClock.Instant,
        in db: Database
    ) throws -> QueryResult {
        let timer = QueryTimer(end: end)
        return try unsafe timer.limit(db.sqliteConnection) {
            let statement = try query(sql, in: db)
            var arguments: [String: DatabaseValue] = [:]
            for name in try parameters(of: statement) { arguments[name] = (values[name] ?? .null).databaseValue }
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            var result = QueryResult(rows: [], isCut: false)
            var bytes = 0
            while let row = try rows.next() {
                guard result.rows.count < limits.rows else {
                    result.isCut = true
                    break
                }
                let read = Dictionary(
                    row.map { ($0, QueryValue($1)) }, uniquingKeysWith: { first, _ in first })
                bytes += read.reduce(0) { $0 + $1.key.utf8.count + $1.value.size }
                guard bytes <= limits.bytes else {
                    result.isCut = true
                    break
                }
                result.rows.append(read)
            }
            return result
        }
    }
}

extension QueryValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(bytes: data.count)
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null, .blob: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        }
    }

    fileprivate var size: Int {
        if case .text(let text) = self { text.utf8.count } else { 8 }
    }
}
