import Foundation

extension Store {
    /// Stores `writes` in one transaction: all or none.
    ///
    /// A row whose call is unknown (its own record was lost on a full disk) gets a placeholder call, so that what is
    /// left of the call can still be seen. What is of an erased person's call is left out.
    package func apply(_ writes: [RevisedWrite]) async throws(StoreError) {
        let prepared = PreparedWrite.prepared(writes)
        do {
            do {
                try await engine.write(durably: false) { db in
                    for write in try Self.keeping(prepared, in: db) { try write.store(in: db) }
                }
            } catch let failure as SQLFailure where failure.isForeignKey {
                try await engine.write(durably: false) { try Self.storeWithPlaceholders(prepared, in: $0) }
            }
        } catch {
            throw StoreError(error, operation: "store records", subject: "\(writes.count) records")
        }
    }

    private static func storeWithPlaceholders(_ writes: [PreparedWrite], in db: SQLSession) throws {
        for write in try keeping(writes, in: db) {
            if let callID = write.owningCallID,
                try !(Bool.fetchOne(db, sql: "SELECT true FROM calls WHERE id = ?", arguments: [callID]) ?? false)
            {
                // Revision 0, so that the real record replaces it whenever it comes.
                try CallRecord.placeholder(id: callID).store(revision: 0, in: db)
            }
            try write.store(in: db)
        }
    }

    private static func keeping(_ writes: [PreparedWrite], in db: SQLSession) throws -> [PreparedWrite] {
        let erased = try erasedCalls(among: Set(writes.compactMap(\.callID)), in: db)
        guard !erased.isEmpty else { return writes }
        return writes.filter { write in write.callID.map { !erased.contains($0) } ?? true }
    }
}

extension CallRecord {
    /// Stands in for a call whose own record never reached the store.
    static func placeholder(id: String) -> CallRecord {
        CallRecord(
            id: id, carrier: "unknown", direction: .inbound, from: "", to: "", agent: "unknown", agentVersion: "",
            startedAt: Date(storedMilliseconds: 0), endReason: "recordLost")
    }
}
