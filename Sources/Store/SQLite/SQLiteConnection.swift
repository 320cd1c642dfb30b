import Foundation
import GRDB
import GRDBSQLite

/// Runs statements on a connection of GRDB, which keeps them prepared.
final class SQLiteConnection: SQLConnection {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func run(_ sql: String, _ values: SQLValues, limit: Int) throws -> (rows: [SQLRow], changes: Int) {
        do {
            let statement = try db.cachedStatement(sql: sql)
            let arguments = Self.arguments(values)
            guard limit > 0 else {
                try statement.execute(arguments: arguments)
                return ([], db.changesCount)
            }
            var columns: [String] = []
            var rows: [SQLRow] = []
            let cursor = try Row.fetchCursor(statement, arguments: arguments)
            while rows.count < limit, try cursor.next() != nil {
                if rows.isEmpty { columns = Self.columns(of: statement) }
                rows.append(SQLRow(columns: columns, values: Self.values(of: statement, count: columns.count)))
            }
            return (rows, db.changesCount)
        } catch let error as DatabaseError {
            throw SQLFailure(error)
        }
    }

    private static func arguments(_ values: SQLValues) -> StatementArguments {
        var list: [DatabaseValue] = []
        list.reserveCapacity(values.list.count)
        for value in values.list { list.append(value.sqlValue.databaseValue) }
        return StatementArguments(list)
    }

    /// As they are now. A statement that was prepared before its table got another column learns of it when it is run, and
    /// what GRDB remembers of its columns does not.
    private static func columns(of statement: Statement) -> [String] {
        // SAFETY: the statement is open, and each name is copied at once.
        let pointer = unsafe statement.sqliteStatement
        return (0..<(unsafe sqlite3_column_count(pointer))).map { index in
            guard let name = unsafe sqlite3_column_name(pointer, index) else { return "" }
            return unsafe String(cString: name)
        }
    }

    private static func values(of statement: Statement, count: Int) -> [SQLValue] {
        // SAFETY: the statement stands on a row of `count` columns; values are copied at once.
        (0..<CInt(count)).map {
            SQLValue(unsafe DatabaseValue(sqliteStatement: unsafe statement.sqliteStatement, index: $0))
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let bytes): self = .blob(bytes)
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): bytes.databaseValue
        }
    }
}
