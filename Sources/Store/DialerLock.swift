import Foundation

/// Held by the one process that places the calls of a database. Goes with the process, however it ends, or with its
/// connection to the server.
package final class DialerLock: Sendable {
    private enum Hold {
        case file(descriptor: Int32)
        case server(PostgresSlot)
    }

    private let hold: Hold

    private init(_ hold: Hold) { self.hold = hold }

    deinit { if case .file(let descriptor) = hold { close(descriptor) } }

    /// Takes the lock of a store's database; nil when another process holds it.
    package static func take(of store: Store) async throws(StoreError) -> DialerLock? {
        do {
            guard let server = store.engine as? PostgresEngine else { return try lockFile(store.path + ".dialler") }
            // A session of its own: the lock is the session's.
            let slot = PostgresSlot(server.pool.location)
            let isOurs = try await slot.run { connection in
                try Bool.fetchOne(
                    SQLSession(connection, .postgres),
                    sql: "SELECT pg_try_advisory_lock(\(Self.key), hashtext(current_schema()))") ?? false
            }
            return isOurs ? DialerLock(.server(slot)) : nil
        } catch {
            throw StoreError(error, operation: "take the dialler's lock", subject: store.path)
        }
    }

    /// Whether it is held still: with a lost connection the server gives it to the next one who asks.
    package func isHeld() async -> Bool {
        guard case .server(let slot) = hold else { return true }
        let count = try? await slot.run { connection in
            try Int.fetchOne(
                SQLSession(connection, .postgres),
                sql: """
                    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
                        AND CAST(classid AS bigint) = \(Self.key)
                    """)
        }
        return count == 1
    }

    /// Beside that of the schema's migration.
    private static let key = Schema.applicationID + 1

    private static func lockFile(_ file: String) throws -> DialerLock? {
        let opened = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw StoreError(
                .notWritable, operation: "make the dialler's lock", subject: file,
                detail: unsafe String(cString: strerror(errno)))
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            return nil
        }
        return DialerLock(.file(descriptor: opened))
    }
}
