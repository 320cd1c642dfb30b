import Foundation
import GRDB

extension Store {
    /// Stores `writes` in one transaction: all or none.
    ///
    /// A row whose call is unknown (its own record was lost on a full disk) gets a placeholder call, so that what is
    /// left of the call can still be seen.
    package func apply(_ writes: [RevisedWrite]) async throws(StoreError) {
        try await write("store records", "\(writes.count) records") { db in
            for write in writes { try Self.apply(write, to: db) }
        }
    }

    private static func apply(_ revised: RevisedWrite, to db: Database) throws {
        do {
            try insert(revised, into: db)
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY {
            guard let callID = revised.write.callID else { throw error }
            // Revision 0, so that the real record replaces it whenever it comes.
            try insert(.call(.placeholder(id: callID)), revision: 0, into: db)
            try insert(revised, into: db)
        }
    }

    private static func insert(_ revised: RevisedWrite, into db: Database) throws {
        try insert(revised.write, revision: revised.revision, into: db)
    }

    private static func insert(_ write: StoreWrite, revision: Int, into db: Database) throws {
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

extension CallRecord {
    /// Stands in for a call whose own record never reached the store.
    static func placeholder(id: String) -> CallRecord {
        CallRecord(
            id: id, carrier: "unknown", direction: .inbound, from: "", to: "", agent: "unknown", agentVersion: "",
            startedAt: Date(storedMilliseconds: 0), endReason: "recordLost")
    }
}
