/// What keeps the data. Transactions look to an operation as if there were no others at the same time.
protocol SQLEngine: Sendable {
    var dialect: SQLDialect { get }

    /// Reads a snapshot; writers are not held up.
    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLSession) throws -> Value) async throws -> Value

    /// As ``read(_:)``, on the thread of the caller, who waits.
    func readNow<Value>(_ body: (SQLSession) throws -> Value) throws -> Value

    /// One transaction. Not cancellable.
    ///
    /// - Parameters:
    ///   - durably: it is on the disk when this returns.
    ///   - body: may be run again where others were in the way, so it must have no effect but on the session.
    func write<Value: Sendable>(
        durably: Bool, _ body: @escaping @Sendable (SQLSession) throws -> Value
    ) async throws -> Value

    /// Looks for damage.
    ///
    /// - Throws: ``StoreError`` with `damaged`.
    func verify() async throws

    /// Takes the words of deleted turns out of the index for good, in small transactions.
    ///
    /// - Parameter begins: words were deleted since the last time.
    func forgetDeletedWords(begins: Bool) async throws

    /// Copies everything as it is at one moment into a new file. Blocks.
    func backUp(to file: String) throws

    func close() throws
}
