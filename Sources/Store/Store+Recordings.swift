extension Store {
    /// Recordings of all calls, by call and path.
    ///
    /// - Parameters:
    ///   - limit: 1...1000.
    ///   - last: the last one of the page before; nil for the first page.
    package func recordings(
        limit: Int = 200, after last: RecordingRecord? = nil
    ) async throws(StoreError) -> [RecordingRecord] {
        try await read("list the recordings", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: "SELECT * FROM recordings WHERE (call_id, path) > (?, ?) ORDER BY call_id, path LIMIT ?",
                arguments: [last?.callID ?? "", last?.path ?? "", min(max(limit, 1), 1000)]
            ).map { try RecordingRecord(row: $0) }
        }
    }

    /// Whether there is a row of a call.
    package func hasCall(_ id: String) async throws(StoreError) -> Bool {
        try await read("look for a call", id) { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM calls WHERE id = ?)", arguments: [id]) ?? false
        }
    }
}
