/// Everything Parley remembers.
///
/// Operations speak in records and plain values and are written once, in statements that every engine takes; no type of an
/// engine leaves this target. ``SQLiteEngine`` keeps one file, ``PostgresEngine`` talks to a server.
package final class Store: Sendable {
    /// Where the database is, for people: of a server's database without its password.
    package let path: String
    let engine: any SQLEngine

    /// Opens the database in a file and brings its schema up to date, unless it is only to be looked at.
    ///
    /// Blocks for as long as a migration takes: call it at start-up, not during calls.
    /// - Throws: ``StoreError`` with `missing`, `notWritable`, `damaged`, `foreign`, `newerVersion`, `diskFull` or
    ///   `locked`.
    package init(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) {
        self.path = path
        do { engine = try SQLiteEngine(path: path, options: options) } catch {
            throw StoreError(error, operation: "open the database", subject: path)
        }
    }

    /// Connects to a PostgreSQL database and brings its schema up to date, unless it is only to be looked at.
    ///
    /// Blocks for as long as a migration takes: call it at start-up, not during calls.
    /// - Throws: ``StoreError`` with `unreachable`, `missing`, `notWritable`, `foreign`, `newerVersion`, `locked` or
    ///   `failed`.
    package init(postgres location: PostgresLocation, options: StoreOptions = StoreOptions()) throws(StoreError) {
        path = location.description
        do { engine = try PostgresEngine(location, options: options) } catch {
            throw StoreError(error, operation: "open the database", subject: location.description)
        }
    }

    /// Whether several services may work on it at a time; one in a file is one service's, which its spill file sees to.
    package var isShared: Bool { engine.dialect == .postgres }

    /// Closes the database. Operations that follow fail.
    package func close() throws(StoreError) {
        do { try engine.close() } catch { throw StoreError(error, operation: "close the database", subject: path) }
    }

    /// Looks through the whole database for pages that contradict each other. Reads all of it, so it takes its time.
    ///
    /// - Throws: ``StoreError`` with `damaged`, naming the first faults.
    package func verify() async throws(StoreError) {
        do { try await engine.verify() } catch {
            throw StoreError(error, operation: "verify the database", subject: path)
        }
    }

    /// Copies the database as it is at one moment into a new file, while others go on reading and writing.
    ///
    /// Blocks for as long as the disk takes. The copy is whole or is not there: it gets its name last.
    /// - Parameter file: must not exist.
    package func backUp(to file: String) throws(StoreError) {
        do { try engine.backUp(to: file) } catch {
            throw StoreError(error, operation: "back up the database", subject: file)
        }
    }

    /// Reads a snapshot; writers are not held up.
    func read<Value: Sendable>(
        _ operation: String, _ subject: String, _ body: @escaping @Sendable (SQLSession) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await engine.read(body) } catch {
            throw StoreError(error, operation: operation, subject: subject)
        }
    }

    /// Runs `body` in one transaction, which nobody else changes anything under.
    ///
    /// Not cancellable: a caller who hangs up must not leave it open whether an appointment was booked.
    /// - Parameters:
    ///   - durably: waits until the disk has it, for what somebody was promised.
    ///   - body: has no effect but on the session, for it may be run again.
    func write<Value: Sendable>(
        _ operation: String, _ subject: String, durably: Bool = false,
        _ body: @escaping @Sendable (SQLSession) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await engine.write(durably: durably, body) } catch {
            throw StoreError(error, operation: operation, subject: subject)
        }
    }
}
