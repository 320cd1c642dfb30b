import Foundation

/// What goes into statements and comes out of rows.
protocol SQLConvertible: Sendable {
    static var sqlKind: SQLKind { get }
    var sqlValue: SQLValue { get }
    /// - Returns: nil where the value is of another kind, or is absent and may not be.
    static func from(_ value: SQLValue) -> Self?
}

extension Int: SQLConvertible {
    static var sqlKind: SQLKind { .integer }
    var sqlValue: SQLValue { .integer(Int64(self)) }
    static func from(_ value: SQLValue) -> Int? { if case .integer(let number) = value { Int(number) } else { nil } }
}

extension Bool: SQLConvertible {
    static var sqlKind: SQLKind { .integer }
    var sqlValue: SQLValue { .integer(self ? 1 : 0) }
    static func from(_ value: SQLValue) -> Bool? { if case .integer(let number) = value { number != 0 } else { nil } }
}

extension Double: SQLConvertible {
    static var sqlKind: SQLKind { .real }
    var sqlValue: SQLValue { .real(self) }
    static func from(_ value: SQLValue) -> Double? {
        switch value {
        case .real(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }
}

extension String: SQLConvertible {
    static var sqlKind: SQLKind { .text }
    var sqlValue: SQLValue { .text(self) }
    static func from(_ value: SQLValue) -> String? { if case .text(let text) = value { text } else { nil } }
}

extension Data: SQLConvertible {
    static var sqlKind: SQLKind { .blob }
    var sqlValue: SQLValue { .blob(self) }
    static func from(_ value: SQLValue) -> Data? { if case .blob(let bytes) = value { bytes } else { nil } }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    static var sqlKind: SQLKind { Wrapped.sqlKind }
    var sqlValue: SQLValue { self?.sqlValue ?? .null }
    static func from(_ value: SQLValue) -> Wrapped?? {
        if case .null = value { return .some(nil) }
        return Wrapped.from(value).map { .some($0) }
    }
}

extension SQLConvertible {
    /// The first column of the first row; nil without a row, and where it is null.
    static func fetchOne(_ db: SQLSession, sql: String, arguments: SQLValues = []) throws -> Self? {
        try db.rows(sql: sql, arguments: arguments, limit: 1).first.flatMap { $0.values.first.flatMap(from) }
    }

    /// The first column of every row.
    static func fetchAll(_ db: SQLSession, sql: String, arguments: SQLValues = []) throws -> [Self] {
        try db.rows(sql: sql, arguments: arguments).map { try $0.value(at: 0) }
    }
}

extension SQLConvertible where Self: Hashable {
    /// The first column of every row, each value once.
    static func fetchSet(_ db: SQLSession, sql: String, arguments: SQLValues = []) throws -> Set<Self> {
        Set(try fetchAll(db, sql: sql, arguments: arguments))
    }
}
