/// A PostgreSQL database of somebody else's that is only ever read.
///
/// Two locks, each enough by itself: the transaction is one that only reads, and the statement is the query of a cursor, which
/// nothing that writes can be. A connection lives for one query.
package struct QueryServer: Sendable {
    /// Bytes of one row: keeps a query from filling the memory.
    private static let largestRow = 16 << 20
    /// Rows that the server puts together at a time; here one of them is held.
    private static let rowsAtATime = 1000
    private static let cursor = "parley_query"
    private static let operation = "query the database"

    /// Where the database is. Its description has no password.
    package let location: PostgresLocation
    private let time: Duration

    /// - Parameters:
    ///   - address: `postgres://user@host:port/name?sslmode=verify-full`. The password may stand in it, in `PGPASSWORD`, or in
    ///     the user's password file.
    ///   - time: after which a query is ended.
    package init(address: String, time: Duration) {
        location = PostgresLocation(address, statementTimeout: time, connectTimeout: .seconds(10))
        self.time = time
    }

    /// Whether a text is a server's address, and not a file's name.
    package static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// Reads every row of a query, one after the other and never more than one at a time. Blocks until it is over; the calling
    /// thread alone touches the connection.
    ///
    /// - Parameters:
    ///   - begin: given the columns before the first row, also where there is none.
    ///   - take: given the values of a row in the order of its columns; what it or `begin` throws ends the reading.
    /// - Throws: ``StoreError`` with `unreachable` when there is no connection, or no more; `rejected` for what is no query or
    ///   fails; `cancelled` when the time was over; `failed` for what the parameters throw.
    package func forEachRow(
        _ sql: String, begin: ([String]) throws -> Void, take: ([QueryValue]) throws -> Void
    ) throws(StoreError) {
        do { try read(sql, begin, take) } catch { throw told(error) }
    }

    private func read(
        _ sql: String, _ begin: ([String]) throws -> Void, _ take: ([QueryValue]) throws -> Void
    ) throws {
        let end = ContinuousClock.now + time
        let connection = try PostgresConnection(location)
        // All rows are wanted, so the server need not hurry with the first; days are written in the one way that we read.
        try connection.command(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SET LOCAL cursor_tuple_fraction = 1; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex'
            """)
        try connection.stream(
            "DECLARE \(Self.cursor) NO SCROLL CURSOR FOR \(sql)", limit: Self.largestRow, { _ in }, { _ in })
        var hasBegun = false
        while true {
            var count = 0
            try connection.stream(
                "FETCH FORWARD \(Self.rowsAtATime) FROM \(Self.cursor)", limit: Self.largestRow,
                { columns in
                    guard !hasBegun else { return }
                    hasBegun = true
                    try begin(columns)
                },
                { values in
                    count += 1
                    try take(values)
                })
            guard count == Self.rowsAtATime else { return }
            guard ContinuousClock.now < end else { throw tooLate("there are more rows") }
        }
    }

    private func tooLate(_ detail: String) -> StoreError {
        StoreError(
            .cancelled, operation: Self.operation, subject: "\(location)",
            detail: "\(detail); a query may take \(time / .seconds(1)) s: ask for less at a time")
    }

    private func told(_ error: any Error) -> StoreError {
        // By PostgreSQL's manual, appendix A: what somebody who writes a query can do about it.
        guard let failure = error as? SQLFailure, let state = failure.state,
            ["57014", "08P01"].contains(state) || ["0A", "21", "22", "25", "42"].contains(state.prefix(2))
        else { return StoreError(error, operation: Self.operation, subject: "\(location)") }
        if state == "57014" { return tooLate(failure.detail) }
        let help =
            switch state {
            case "42601", "0A000":
                "; what is run is one statement that reads and begins with SELECT, WITH, VALUES or TABLE"
            case "25006": "; only what reads is run"
            // PostgreSQL 15 takes a cursor's parameters for ones that we would send.
            case "08P01", "42P02": "; a query has no parameter $1 or other: write the value itself into it"
            case "42501": "; grant its user the right to read that"
            default: ""
            }
        return StoreError(
            .rejected, operation: Self.operation, subject: "\(location)", detail: failure.detail + help)
    }
}
