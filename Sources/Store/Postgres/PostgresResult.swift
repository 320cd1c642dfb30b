import CPostgres
import Foundation

/// The only owner of a `PGresult *`.
@safe struct PostgresResult: ~Copyable {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) { unsafe self.pointer = pointer }

    deinit { unsafe PQclear(pointer) }

    /// What went wrong, if anything did.
    borrowing func failure(_ connection: OpaquePointer?) -> SQLFailure? {
        switch unsafe PQresultStatus(pointer) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE: return nil
        default: break
        }
        let state = field(PARLEY_PG_DIAG_SQLSTATE)
        // The engine's detail and context are left out: they hold what callers said.
        let message = unsafe field(PARLEY_PG_DIAG_MESSAGE) ?? String(cString: PQerrorMessage(connection))
        return SQLFailure(state: state, message: message)
    }

    private borrowing func field(_ code: CInt) -> String? {
        guard let text = unsafe PQresultErrorField(pointer, code) else { return nil }
        return unsafe String(cString: text)
    }

    /// What was done: `COMMIT`.
    borrowing func tag() -> String {
        guard let text = unsafe PQcmdStatus(pointer) else { return "" }
        return unsafe String(cString: text)
    }

    /// Rows that the statement inserted, changed or deleted.
    borrowing func changes() -> Int {
        guard let text = unsafe PQcmdTuples(pointer) else { return 0 }
        return unsafe Int(String(cString: text)) ?? 0
    }

    /// Rows that it has.
    var count: Int { unsafe Int(PQntuples(pointer)) }

    /// The names of its columns, which it has without rows as well.
    borrowing func columns() -> [String] {
        var columns: [String] = []
        for index in 0..<(unsafe PQnfields(pointer)) { columns.append(unsafe String(cString: PQfname(pointer, index))) }
        return columns
    }

    borrowing func rows(limit: Int) -> [SQLRow] {
        let count = min(self.count, limit)
        let width = unsafe PQnfields(pointer)
        guard count > 0 else { return [] }
        let columns = self.columns()
        var rows: [SQLRow] = []
        rows.reserveCapacity(count)
        for row in 0..<CInt(count) {
            var values: [SQLValue] = []
            values.reserveCapacity(columns.count)
            for column in 0..<width { values.append(value(row, column)) }
            rows.append(SQLRow(columns: columns, values: values))
        }
        return rows
    }

    /// The values of its first row in text form, as those of a database that is not ours.
    ///
    /// - Parameter limit: bytes that all of them may have.
    borrowing func queryValues(limit: Int) throws -> [QueryValue] {
        let width = unsafe PQnfields(pointer)
        var size = 0
        for column in 0..<width { size += unsafe Int(PQgetlength(pointer, 0, column)) }
        guard size <= limit else {
            throw SQLFailure(
                code: .rejected, detail: "a row has \(size) bytes, and may have \(limit); leave out what is not needed")
        }
        var values: [QueryValue] = []
        values.reserveCapacity(Int(width))
        for column in 0..<width { values.append(queryValue(column)) }
        return values
    }

    private borrowing func queryValue(_ column: CInt) -> QueryValue {
        guard unsafe PQgetisnull(pointer, 0, column) == 0, let start = unsafe PQgetvalue(pointer, 0, column) else {
            return .null
        }
        // SAFETY: as below.
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(pointer, 0, column)))
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        switch unsafe PQftype(pointer, column) {
        case PARLEY_PG_INT8.rawValue, PARLEY_PG_INT4.rawValue, PARLEY_PG_INT2.rawValue:
            return Int64(text).map(QueryValue.integer) ?? .text(text)
        case PARLEY_PG_FLOAT8.rawValue, PARLEY_PG_FLOAT4.rawValue:
            return Double(text).map(QueryValue.real) ?? .text(text)
        // Has more digits than a `Double` holds; its scale may say nothing: 2127365001.00.
        case PARLEY_PG_NUMERIC.rawValue: return .text(Self.withoutZeros(text))
        case PARLEY_PG_BOOL.rawValue: return .text(text == "t" ? "true" : "false")
        // Two digits for each behind \x.
        case PARLEY_PG_BYTEA.rawValue: return .blob(bytes: max(0, text.utf8.count - 2) / 2)
        default: return .text(text)
        }
    }

    /// A decimal number without places that are all zero.
    private static func withoutZeros(_ number: String) -> String {
        guard let point = number.firstIndex(of: "."), number[point...].dropFirst().allSatisfy({ $0 == "0" }) else {
            return number
        }
        return String(number[..<point])
    }

    private borrowing func value(_ row: CInt, _ column: CInt) -> SQLValue {
        guard unsafe PQgetisnull(pointer, row, column) == 0, let start = unsafe PQgetvalue(pointer, row, column) else {
            return .null
        }
        // SAFETY: libpq says how long the value is, and it stays until the result is cleared; it is copied here.
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(pointer, row, column)))
        switch unsafe PQftype(pointer, column) {
        case PARLEY_PG_INT8.rawValue: return .integer(Int64(bitPattern: unsafe Self.number(bytes)))
        case PARLEY_PG_INT4.rawValue: return .integer(Int64(Int32(truncatingIfNeeded: unsafe Self.number(bytes))))
        case PARLEY_PG_INT2.rawValue: return .integer(Int64(Int16(truncatingIfNeeded: unsafe Self.number(bytes))))
        case PARLEY_PG_BOOL.rawValue: return .integer(Int64(unsafe Self.number(bytes)))
        case PARLEY_PG_FLOAT8.rawValue: return .real(Double(bitPattern: unsafe Self.number(bytes)))
        case PARLEY_PG_FLOAT4.rawValue:
            return .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: unsafe Self.number(bytes)))))
        case PARLEY_PG_BYTEA.rawValue: return .blob(unsafe Data(bytes))
        // Names, texts and whatever else reads as text in its binary form.
        default: return .text(unsafe String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        unsafe bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
