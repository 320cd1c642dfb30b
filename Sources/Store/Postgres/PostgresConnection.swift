import CPostgres
import Glibc

/// The only owner of a `PGconn *`. Its calls block; one thread at a time makes them.
@safe final class PostgresConnection: SQLConnection {
    /// Statements that are kept prepared. More distinct texts than that mean that a text holds values.
    private static let mostPrepared = 500

    private struct Key: Hashable {
        let sql: String
        let kinds: [SQLKind]
    }

    private let pointer: OpaquePointer
    private var prepared: [Key: String] = [:]
    /// libpq calls a connection alive after the first statement that the server's end has cut off.
    private var isLost = false

    /// Connects. Waits for as long as the location says.
    ///
    /// - Throws: ``SQLFailure``.
    init(_ location: PostgresLocation) throws {
        let pointer = try unsafe Self.connect(location)
        unsafe self.pointer = pointer
        // The server's remarks, such as that a table is there already, are for nobody.
        unsafe PQsetNoticeProcessor(pointer, ignoreNotice, nil)
        let timeout = Int(location.statementTimeout / .milliseconds(1))
        // A node that lost its power holds its locks until the server finds out.
        try command(
            """
            SET statement_timeout = \(timeout); SET idle_in_transaction_session_timeout = \(timeout);
            SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
            """)
    }

    deinit { unsafe PQfinish(pointer) }

    /// Whether the connection has not been found to be lost.
    var isAlive: Bool { unsafe !isLost && PQstatus(pointer) == CONNECTION_OK }

    /// The server's version as libpq counts: 150004 is 15.4.
    var serverVersion: Int { unsafe Int(PQserverVersion(pointer)) }

    /// Runs statements that take no values, nor return rows that anybody wants.
    ///
    /// - Returns: what the server says it has done last.
    @discardableResult
    func command(_ sql: String) throws -> String {
        let result = unsafe PostgresResult(PQexec(pointer, sql))
        if let failure = unsafe result.failure(pointer) { throw noted(failure) }
        return result.tag()
    }

    func run(_ sql: String, _ values: SQLValues, limit: Int) throws -> (rows: [SQLRow], changes: Int) {
        let name = try prepare(sql, values)
        let parameters = PostgresParameters(values)
        let formats = [CInt](repeating: 1, count: parameters.lengths.count)
        // SAFETY: the addresses point into the parameters' bytes, which stay for the time of the call.
        let answer = unsafe parameters.withAddresses { addresses in
            unsafe PQexecPrepared(pointer, name, CInt(addresses.count), addresses, parameters.lengths, formats, 1)
        }
        let result = unsafe PostgresResult(answer)
        if let failure = unsafe result.failure(pointer) { throw noted(failure) }
        return (result.rows(limit: limit), result.changes())
    }

    /// Runs one statement that takes no values, and hands on its rows one by one, their values as text: no more than one is
    /// held. After an error the connection is good for nothing else.
    ///
    /// - Parameters:
    ///   - limit: bytes of a row.
    ///   - begin: given the columns before the first row, also where there is none.
    ///   - take: given the values of each row; what it or `begin` throws ends the reading.
    func stream(
        _ sql: String, limit: Int, _ begin: ([String]) throws -> Void, _ take: ([QueryValue]) throws -> Void
    ) throws {
        // A text of several statements is refused where it is sent in this way.
        guard unsafe PQsendQueryParams(pointer, sql, 0, nil, nil, nil, nil, 0) == 1,
            unsafe PQsetSingleRowMode(pointer) == 1
        else { throw noted(SQLFailure(state: nil, message: unsafe String(cString: PQerrorMessage(pointer)))) }
        var hasBegun = false
        while let answer = unsafe PQgetResult(pointer) {
            let result = unsafe PostgresResult(answer)
            if let failure = unsafe result.failure(pointer) { throw noted(failure) }
            if !hasBegun {
                hasBegun = true
                try begin(result.columns())
            }
            // The last result of a statement is one without rows.
            if result.count > 0 { try take(try result.queryValues(limit: limit)) }
        }
    }

    /// Asks the server to pass on what others of our schema signal.
    func listen() throws {
        let db = SQLSession(self, .postgres)
        let channel = try String.fetchOne(db, sql: "SELECT \(SQLSession.signalChannel)") ?? ""
        try command("LISTEN \"\(channel)\"")
    }

    /// Waits for signals of others, and returns as soon as there are some; none when the time is over.
    func notifications(within timeout: Duration) throws -> [String] {
        var descriptor = pollfd(fd: unsafe PQsocket(pointer), events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&descriptor, 1, CInt(timeout / .milliseconds(1)))
        guard unsafe PQconsumeInput(pointer) == 1 else {
            throw noted(SQLFailure(state: nil, message: unsafe String(cString: PQerrorMessage(pointer))))
        }
        var texts: [String] = []
        while let notification = unsafe PQnotifies(pointer) {
            texts.append(unsafe String(cString: notification.pointee.extra))
            unsafe PQfreemem(notification)
        }
        return texts
    }

    private func noted(_ failure: SQLFailure) -> SQLFailure {
        if failure.code == .unreachable { isLost = true }
        return failure
    }

    /// Forgets what was prepared, since tables have changed.
    func forgetStatements() throws {
        prepared = [:]
        try command("DEALLOCATE ALL")
    }

    private func prepare(_ sql: String, _ values: SQLValues) throws -> String {
        let kinds = values.list.map { type(of: $0).sqlKind }
        let key = Key(sql: sql, kinds: kinds)
        if let name = prepared[key] { return name }
        if prepared.count >= Self.mostPrepared { try forgetStatements() }
        let name = "s\(prepared.count)"
        let types = kinds.map(\.postgresType)
        let result = unsafe PostgresResult(
            PQprepare(pointer, name, PostgresStatementText.numbered(sql), CInt(types.count), types))
        if let failure = unsafe result.failure(pointer) { throw noted(failure) }
        prepared[key] = name
        return name
    }

    private static func connect(_ location: PostgresLocation) throws -> OpaquePointer {
        guard location.isReadable else {
            throw SQLFailure(
                code: .unreachable,
                detail: "that is no connection string; write one such as postgres://user@host:5432/parley")
        }
        let seconds = max(2, Int(location.connectTimeout / .seconds(1)))
        // What stands before the connection string it may override; what stands behind it overrides.
        var settings: [(String, String)] = [
            ("connect_timeout", "\(seconds)"), ("keepalives_idle", "15"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "\(seconds * 4000)"), ("application_name", "parley"),
            ("dbname", location.connection), ("client_encoding", "UTF8"),
        ]
        if let password = location.password { settings.append(("password", password)) }
        let keys = unsafe settings.map { unsafe strdup($0.0) } + [nil]
        let values = unsafe settings.map { unsafe strdup($0.1) } + [nil]
        defer { unsafe (keys + values).forEach { unsafe free($0) } }
        let pointer = unsafe PQconnectdbParams(
            keys.map { unsafe UnsafePointer($0) }, values.map { unsafe UnsafePointer($0) }, 1)
        guard let pointer = unsafe pointer else { throw SQLFailure(code: .failed, detail: "there is no memory") }
        guard unsafe PQstatus(pointer) == CONNECTION_OK else {
            defer { unsafe PQfinish(pointer) }
            throw SQLFailure(state: nil, message: unsafe String(cString: PQerrorMessage(pointer)))
        }
        return unsafe pointer
    }
}

/// In a file of its own kind: a closure here would be an actor's where it is written in one.
private func ignoreNotice(_ context: UnsafeMutableRawPointer?, _ message: UnsafePointer<CChar>?) {}
