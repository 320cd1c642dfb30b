import Foundation

/// A value as a database holds it. The engines know no more kinds than these; truth values are the numbers 0 and 1, moments
/// are milliseconds.
enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob(Data)
}

/// The kind of a parameter, known also where its value is null: an engine that types its statements asks for it.
enum SQLKind: UInt8, Sendable {
    case integer, real, text, blob
}
