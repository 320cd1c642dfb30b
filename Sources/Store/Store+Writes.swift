import Foundation

extension Store {
    /// Stores `writes` in one transaction: all or none.
    ///
    /// A row whose call is unknown (its own record was lost on a full disk) gets a placeholder call, so that what is
    /// left of the call can still be seen. What is of an erased person's call is left out.
    package func apply(_ writes: [RevisedWrite]) async throws(StoreError) {
        do {
            do {
                try await engine.write(durably: false) { db in
                    for write in try Self.keeping(writes, in: db) {
                        try Self.insert(write.write, revision: write.revision, into: db)
                    }
                }
            } catch let failure as SQLFailure where failure.isForeignKey {
                try await engine.write(durably: false) { try Self.applyWithPlaceholders(writes, to: $0) }
            }
        } catch {
            throw StoreError(error, operation: "store records", subject: "\(writes.count) records")
        }
    }

    private static func applyWithPlaceholders(_ writes: [RevisedWrite], to db: SQLSession) throws {
        for revised in try keeping(writes, in: db) {
            if let callID = revised.write.owningCallID,
                try !(Bool.fetchOne(db, sql: "SELECT true FROM calls WHERE id = ?", arguments: [callID]) ?? false)
            {
                // Revision 0, so that the real record replaces it whenever it comes.
                try insert(.call(.placeholder(id: callID)), revision: 0, into: db)
            }
            try insert(revised.write, revision: revised.revision, into: db)
        }
    }

    private static func keeping(_ writes: [RevisedWrite], in db: SQLSession) throws -> [RevisedWrite] {
        let erased = try erasedCalls(among: writes, in: db)
        guard !erased.isEmpty else { return writes }
        return writes.filter { write in write.write.callID.map { !erased.contains($0) } ?? true }
    }

    private static func insert(_ write: StoreWrite, revision: Int, into db: SQLSession) throws {
        switch write {
        case .call(let record): try record.store(revision: revision, in: db)
        case .announcedCall(let record, let drafts):
            try record.store(revision: revision, in: db)
            try announce(drafts, in: db)
        case .turn(let record): try record.store(revision: revision, in: db)
        case .tool(let record): try record.store(revision: revision, in: db)
        case .journal(let record): try record.store(in: db)
        case .recording(let record): try record.store(revision: revision, in: db)
        case .incident(let record): try record.store(in: db)
        }
    }
}

extension StoreWrite {
    /// The call without which the schema does not take it.
    fileprivate var owningCallID: String? {
        switch self {
        case .call, .announcedCall, .incident: nil
        case .turn, .tool, .journal, .recording: callID
        }
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
