/// A row of a result. Columns are found by name; a name that is not there, and a value of another kind than the schema
/// says, are faults of ours.
struct SQLRow: Sendable {
    /// The names of the columns; one array for all rows of a result.
    let columns: [String]
    let values: [SQLValue]

    subscript<Value: SQLConvertible>(_ column: String) -> Value {
        guard let index = columns.firstIndex(of: column) else {
            preconditionFailure("the row has no column \(column), but \(columns.joined(separator: ", "))")
        }
        guard let value = Value.from(values[index]) else {
            preconditionFailure("the column \(column) holds no \(Value.self)")
        }
        return value
    }

    func value<Value: SQLConvertible>(at index: Int) throws -> Value {
        guard let value = Value.from(values[index]) else {
            throw StoreError(
                .damaged, operation: "read a row", subject: columns[index], detail: "it holds no \(Value.self)")
        }
        return value
    }

    static func fetchAll(_ db: SQLSession, sql: String, arguments: SQLValues = []) throws -> [SQLRow] {
        try db.rows(sql: sql, arguments: arguments)
    }

    static func fetchOne(_ db: SQLSession, sql: String, arguments: SQLValues = []) throws -> SQLRow? {
        try db.rows(sql: sql, arguments: arguments, limit: 1).first
    }
}
