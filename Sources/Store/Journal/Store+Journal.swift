extension Store {
    /// Journal entries in order.
    ///
    /// - Parameters:
    ///   - sequence: the first one wanted.
    ///   - limit: how many at most, 1...10,000.
    /// - Throws: ``StoreError`` with `damaged` where a row cannot be read.
    package func journal(
        ofCall id: String, from sequence: Int = 0, limit: Int = 1000
    ) async throws(StoreError) -> [JournalRecord] {
        let limit = min(max(limit, 1), 10_000)
        return try await read("read the journal", id) { db in
            let inflater = Inflater()
            var entries: [JournalRecord] = []
            // A row that begins before may hold the first one.
            var next = sequence - JournalRow.mostEntries + 1
            while true {
                let rows = try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM journal WHERE call_id = ? AND sequence >= ? ORDER BY sequence LIMIT ?",
                    arguments: [id, next, Self.rowsAtOnce])
                for row in rows {
                    next = (row["sequence"] as Int) + 1
                    // After a failure two rows may hold the same entry.
                    for entry in try JournalRow.entries(of: row, with: inflater)
                    where entry.sequence >= sequence && entry.sequence > entries.last?.sequence ?? .min {
                        entries.append(entry)
                        if entries.count == limit { return entries }
                    }
                }
                guard rows.count == Self.rowsAtOnce else { return entries }
            }
        }
    }

    private static let rowsAtOnce = 256

    /// How many entries the journal of a call has. One that two rows hold, after a failure, counts twice.
    static func journalCount(ofCall id: String, in db: SQLSession) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT CAST(coalesce(sum(coalesce(entries, 1)), 0) AS BIGINT) FROM journal WHERE call_id = ?",
            arguments: [id]) ?? 0
    }
}
