import GRDBSQLite

/// Ends statements of a connection when their time is over.
final class QueryTimer {
    private let end: ContinuousClock.Instant

    /// Steps of the engine's virtual machine between two looks at the clock: some tens of microseconds.
    private static let steps: CInt = 1000

    init(end: ContinuousClock.Instant) { self.end = end }

    /// Runs `body` while the statements of `connection` are looked after.
    func limit<Value>(_ connection: OpaquePointer?, _ body: () throws -> Value) rethrows -> Value {
        // SAFETY: the timer outlives the handler, which is taken away before this returns.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe sqlite3_progress_handler(
            connection, Self.steps,
            { context in
                guard let context = unsafe context else { return 0 }
                let timer = unsafe Unmanaged<QueryTimer>.fromOpaque(context).takeUnretainedValue()
                return ContinuousClock.now >= timer.end ? 1 : 0
            }, context)
        defer { unsafe sqlite3_progress_handler(connection, 0, nil, nil) }
        return try body()
    }
}
