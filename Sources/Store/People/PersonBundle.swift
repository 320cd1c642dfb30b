package import Foundation

/// Everything that the database holds of a person, as rows.
package struct PersonBundle: Sendable, Encodable {
    /// A value of a row.
    package enum Value: Sendable, Equatable, Encodable {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .null: try container.encodeNil()
            case .integer(let number): try container.encode(number)
            case .real(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    package var number: String
    package var exportedAt: Date
    /// By table: rows, by column. Bytes are text where they are one, else Base64.
    package var tables: [String: [[String: Value]]]
    /// Where the recordings' files are.
    package var recordings: [String]
    /// Calls of others in which this number was said or written: what is in them is theirs, too.
    package var mentions: [String]

    /// Nothing is known of this number.
    package var isEmpty: Bool { tables.isEmpty && mentions.isEmpty }
}

extension PersonBundle.Value {
    init(_ value: SQLValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let number): .integer(number)
            case .real(let number): .real(number)
            case .text(let text): .text(text)
            case .blob(let bytes): .text(String(data: bytes, encoding: .utf8) ?? bytes.base64EncodedString())
            }
    }
}

/// What an erasure did.
package struct PersonErasure: Sendable, Equatable, Encodable {
    /// Rows that stay, and why.
    package struct Kept: Sendable, Equatable, Encodable {
        package var table: String
        package var rows: Int
        package var reason: String
    }

    /// Of the erasure; the audit log has it in place of the number.
    package var receipt: String
    /// Rows that were deleted or emptied, by table.
    package var rows: [String: Int]
    /// Files of recordings that were deleted.
    package var files: Int
    package var kept: [Kept]
    /// Calls of others in which the number was said or written; they were left as they are.
    package var mentions: [String]
}
