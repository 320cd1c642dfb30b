/// A value of a database that is not ours, as a parameter or in a row.
package enum QueryValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// Bytes that are no text; only how many.
    case blob(bytes: Int)
}
