/// What an operation is handed: statements of one transaction, whatever the engine.
///
/// Statements are written in what the engines have in common; `?` and `?1` stand for values. Every text is prepared once per
/// connection, so texts should not hold values. Where the engines differ ``dialect`` has the words.
final class SQLSession {
    let dialect: SQLDialect
    private let connection: any SQLConnection

    /// Rows that the last statement inserted, changed or deleted; those that a cascade deletes do not count.
    private(set) var changesCount = 0

    init(_ connection: any SQLConnection, _ dialect: SQLDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    /// Runs one statement.
    func execute(sql: String, arguments: SQLValues = []) throws {
        changesCount = try connection.run(sql, arguments, limit: 0).changes
    }

    /// Runs one statement that returns rows.
    ///
    /// - Parameter limit: rows that are wanted; the others are not read.
    func rows(sql: String, arguments: SQLValues = [], limit: Int = .max) throws -> [SQLRow] {
        let result = try connection.run(sql, arguments, limit: limit)
        changesCount = result.changes
        return result.rows
    }
}

/// A connection of an engine while it is one session's. On one thread at a time.
protocol SQLConnection: AnyObject {
    /// Runs one statement.
    ///
    /// - Parameter limit: rows that are wanted.
    /// - Throws: ``SQLFailure``.
    func run(_ sql: String, _ values: SQLValues, limit: Int) throws -> (rows: [SQLRow], changes: Int)
}
