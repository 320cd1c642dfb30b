/// A write as it goes into tables: what takes time by itself is done, so that no transaction waits for it.
struct PreparedWrite: Sendable {
    enum Content: Sendable {
        /// Anything but an entry of a journal.
        case record(StoreWrite)
        case journal(JournalRow)
    }

    let revision: Int
    let content: Content

    /// In their order, an entry of a journal where the first one of its row is.
    static func prepared(_ writes: [RevisedWrite]) -> [PreparedWrite] {
        var groups = JournalRow.grouped(
            writes.compactMap { if case .journal(let entry) = $0.write { entry } else { nil } })[...]
        let deflater = groups.isEmpty ? nil : Deflater()
        var prepared: [PreparedWrite] = []
        for write in writes {
            guard case .journal(let entry) = write.write else {
                prepared.append(PreparedWrite(revision: write.revision, content: .record(write.write)))
                continue
            }
            guard let deflater, let group = groups.first, group[0].callID == entry.callID,
                group[0].sequence == entry.sequence
            else { continue }
            groups.removeFirst()
            prepared.append(
                PreparedWrite(revision: write.revision, content: .journal(JournalRow(group, with: deflater))))
        }
        precondition(groups.isEmpty, "each row stands where its first entry does")
        return prepared
    }

    /// The call it belongs to.
    var callID: String? {
        switch content {
        case .record(let write): write.callID
        case .journal(let row): row.callID
        }
    }

    /// The call without which the schema does not take it.
    var owningCallID: String? {
        switch content {
        case .record(.call), .record(.announcedCall), .record(.incident): nil
        case .record, .journal: callID
        }
    }

    func store(in db: SQLSession) throws {
        switch content {
        case .journal(let row): try row.store(in: db)
        case .record(.call(let record)): try record.store(revision: revision, in: db)
        case .record(.announcedCall(let record, let drafts)):
            try record.store(revision: revision, in: db)
            try Store.announce(drafts, in: db)
        case .record(.turn(let record)): try record.store(revision: revision, in: db)
        case .record(.tool(let record)): try record.store(revision: revision, in: db)
        case .record(.recording(let record)): try record.store(revision: revision, in: db)
        case .record(.incident(let record)): try record.store(in: db)
        case .record(.journal): preconditionFailure("entries of journals go in rows")
        }
    }
}
