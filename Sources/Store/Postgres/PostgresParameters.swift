import CPostgres
import Foundation

/// The values of a statement in PostgreSQL's binary form, one after the other.
struct PostgresParameters {
    private(set) var bytes: [UInt8] = []
    /// Where each begins; nil where it is null.
    private(set) var offsets: [Int?] = []
    private(set) var lengths: [CInt] = []

    init(_ values: SQLValues) {
        for value in values.list {
            let begin = bytes.count
            switch value.sqlValue {
            case .null:
                offsets.append(nil)
                lengths.append(0)
                continue
            case .integer(let number): append(UInt64(bitPattern: number))
            case .real(let number): append(number.bitPattern)
            case .text(let text): append(text)
            case .blob(let data): bytes.append(contentsOf: data)
            }
            offsets.append(begin)
            lengths.append(CInt(bytes.count - begin))
        }
        // So that also an empty value at the end has an address.
        bytes.append(0)
    }

    private mutating func append(_ number: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// PostgreSQL holds no U+0000 in text; it becomes the character for what cannot be shown.
    private mutating func append(_ text: String) {
        guard text.utf8.contains(0) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            if byte == 0 { bytes.append(contentsOf: "\u{FFFD}".utf8) } else { bytes.append(byte) }
        }
    }

    /// Calls `body` with the addresses that libpq wants.
    func withAddresses<Value>(_ body: ([UnsafePointer<CChar>?]) throws -> Value) rethrows -> Value {
        try unsafe bytes.withUnsafeBytes { buffer in
            let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let addresses = unsafe offsets.map { offset in unsafe offset.flatMap { unsafe base?.advanced(by: $0) } }
            return unsafe try body(addresses)
        }
    }
}

extension SQLKind {
    /// PostgreSQL's number of the type that a parameter of this kind has.
    var postgresType: UInt32 {
        switch self {
        case .integer: PARLEY_PG_INT8.rawValue
        case .real: PARLEY_PG_FLOAT8.rawValue
        case .text: PARLEY_PG_TEXT.rawValue
        case .blob: PARLEY_PG_BYTEA.rawValue
        }
    }
}
