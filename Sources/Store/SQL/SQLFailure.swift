/// What an engine said of a statement. Without the statement and its values: they hold what callers said.
struct SQLFailure: Error, Sendable, Equatable {
    var code: StoreError.Code
    /// In the engine's words.
    var detail: String
    /// A row names another one that is not there.
    var isForeignKey = false
}
