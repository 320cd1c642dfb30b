import Dispatch

/// A place in a pool: a connection, made when it is first needed, and the queue whose thread alone touches it.
final class PostgresSlot: @unchecked Sendable {
    // @unchecked: `connection` is touched on `queue` alone.
    private let queue = DispatchQueue(label: "parley.postgres")
    private var connection: PostgresConnection?
    private let location: PostgresLocation

    init(_ location: PostgresLocation) { self.location = location }

    /// Runs `body` on the slot's own thread; what it does may block.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                continuation.resume(returning: Result { try Self.persist(&connection, at: location, body) })
            }
        }
        return try result.get()
    }

    /// Lets go of the connection.
    func close() { queue.async { [self] in connection = nil } }

    /// Runs `body`, on a new connection where the one at hand turns out to be lost before anything was done on it.
    ///
    /// `body` throws ``LostBeforeCommit`` when that is certain.
    static func persist<Value>(
        _ connection: inout PostgresConnection?, at location: PostgresLocation,
        _ body: (PostgresConnection) throws -> Value
    ) throws -> Value {
        if connection?.isAlive != true { connection = nil }
        let isOld = connection != nil
        do {
            return try attempt(&connection, location, body)
        } catch let lost as LostBeforeCommit {
            connection = nil
            // One that was just made and is lost again is for whoever asked.
            guard isOld else { throw lost.failure }
            do { return try attempt(&connection, location, body) } catch let lost as LostBeforeCommit {
                throw lost.failure
            }
        }
    }

    private static func attempt<Value>(
        _ connection: inout PostgresConnection?, _ location: PostgresLocation,
        _ body: (PostgresConnection) throws -> Value
    ) throws -> Value {
        if let connection { return try body(connection) }
        let fresh = try PostgresConnection(location)
        connection = fresh
        return try body(fresh)
    }
}

/// The connection was lost, and nothing of the transaction can have been committed.
struct LostBeforeCommit: Error {
    let failure: SQLFailure
}
