import Foundation

/// A row of the table `journal`: entries of one call that follow each other, packed. Rows of before schema step 34 hold one each,
/// in columns, and no number of entries.
struct JournalRow: Sendable {
    /// Entries of one row at most: whoever looks for an entry looks so far back.
    static let mostEntries = 64
    /// Of entries before they are packed. A row is then so short that SQLite keeps it whole on one of its pages, where more
    /// would take pages of its own, and PostgreSQL in its table.
    static let mostBytes = 3072

    /// The first entry's.
    var callID: String
    var sequence: Int
    var position: Int
    var count: Int
    var payload: Data

    init(_ entries: [JournalRecord], with deflater: Deflater) {
        precondition(!entries.isEmpty && entries.count <= Self.mostEntries, "a row holds one entry or some")
        callID = entries[0].callID
        sequence = entries[0].sequence
        position = entries[0].position
        count = entries.count
        payload = JournalPacking.pack(entries, with: deflater)
    }

    /// Entries as rows hold them: those of a call together that follow each other, in the order of their first ones.
    static func grouped(_ entries: [JournalRecord]) -> [[JournalRecord]] {
        var groups: [(entries: [JournalRecord], size: Int)] = []
        var last: [String: Int] = [:]
        for entry in entries {
            if let index = last[entry.callID], groups[index].entries.count < mostEntries,
                groups[index].size + entry.size <= mostBytes,
                groups[index].entries[groups[index].entries.count - 1].sequence + 1 == entry.sequence
            {
                groups[index].entries.append(entry)
                groups[index].size += entry.size
            } else {
                last[entry.callID] = groups.count
                groups.append(([entry], entry.size))
            }
        }
        return groups.map(\.entries)
    }

    /// A row that holds what another one does and more takes its place: after a failure the same entries may come in other
    /// portions. Entries themselves never change.
    private static let upsert = """
        INSERT INTO journal (call_id, sequence, position, kind, payload, entries) VALUES (?, ?, ?, '', ?, ?)
        ON CONFLICT (call_id, sequence) DO UPDATE SET position = excluded.position, kind = '', payload = excluded.payload,
            entries = excluded.entries, decisions = NULL
        WHERE excluded.entries > coalesce(journal.entries, 1)
        """

    func store(in db: SQLSession) throws {
        try db.execute(sql: Self.upsert, arguments: [callID, sequence, position, payload, count])
    }

    /// The entries of a row of the table.
    ///
    /// - Throws: ``StoreError`` with `damaged`.
    static func entries(of row: SQLRow, with inflater: Inflater) throws -> [JournalRecord] {
        let (call, first): (String, Int) = (row["call_id"], row["sequence"])
        guard let count = row["entries"] as Int? else {
            return [
                JournalRecord(
                    callID: call, sequence: first, position: row["position"], kind: row["kind"],
                    payload: row["payload"], decisions: row["decisions"])
            ]
        }
        do {
            return try JournalPacking.unpack(row["payload"], call: call, first: first, count: count, with: inflater)
        } catch {
            throw StoreError(
                .damaged, operation: "read the journal", subject: "\(call), entry \(first)", detail: error.detail)
        }
    }
}
