/// What an engine said of a statement. Without the statement and its values: they hold what callers said.
struct SQLFailure: Error, Sendable, Equatable {
    var code: StoreError.Code
    /// In the engine's words.
    var detail: String
    /// A row names another one that is not there.
    var isForeignKey = false
    /// Why the same transaction may succeed if it is begun anew.
    var retry: Retry?
    /// PostgreSQL's five characters for what it is (SQLSTATE); nil of other engines, and where the connection failed.
    var state: String?

    enum Retry: Sendable, Equatable {
        /// It and another one were in each other's way.
        case conflict
        /// A prepared statement is of no use any more.
        case staleStatement
    }
}
