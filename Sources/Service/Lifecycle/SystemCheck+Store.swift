import Foundation
import Store

extension SystemCheck {
    /// The database as it is, to be looked at only: a check takes no step of the schema, for after that there is no way
    /// back to the program that wrote it.
    ///
    /// - Returns: nil where it is a file that is not there yet.
    static func openedDatabase(_ configuration: ParleyConfiguration.Store) throws -> Store? {
        do throws(StoreError) {
            return try Store(configuration, options: StoreOptions(isReadOnly: true))
        } catch {
            guard error.code == .missing, configuration.location == nil else { throw error }
            return nil
        }
    }

    /// What the database is, and what the start of a service does to its schema.
    ///
    /// - Parameter store: nil where it is a file that is not there yet.
    static func databaseReport(_ store: Store?, _ configuration: ParleyConfiguration.Store) async throws -> String {
        guard let store else {
            return "\(configuration.path) is not there yet; `parley serve` makes it, \(steps(Store.schemaStepCount))"
        }
        // First, as to read every table takes a right on it, too.
        try await store.checkRights(prunesAudit: configuration.auditDays != nil)
        try await store.verify()
        return "\(store.path), \(try await schema(store.schemaStanding()))"
    }

    /// At which step a schema is, and what a start adds.
    static func schema(_ standing: SchemaStanding) -> String {
        guard let step = standing.step else {
            return "no tables yet; `parley serve` makes them, \(steps(standing.pending.count))"
        }
        guard let last = standing.pending.last else { return "schema \(step)" }
        return "schema \(step); `parley serve` takes it up to \(last): \(steps(standing.pending.count)) will run, "
            + "so make a backup first"
    }

    /// The services that work on the database now, where it is there and this program's can.
    static func nodesReport(_ store: Store?, _ configuration: ParleyConfiguration.Node) async throws -> String {
        guard let store else { return "no service works on this database now" }
        guard try await store.schemaStanding().pending.isEmpty else {
            return "not looked at: the database's schema is not this program's yet"
        }
        return try await nodes(store, configuration, now: Date())
    }

    private static func steps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }
}
