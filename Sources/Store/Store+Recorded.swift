extension Store {
    /// Those of some calls that have a recording which may be given out.
    package func recorded(ofCalls ids: [String]) async throws(StoreError) -> Set<String> {
        guard !ids.isEmpty else { return [] }
        return try await read("look for recordings", path) { db in
            // One without any samples was to be deleted, and its file could not be.
            let found = try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT call_id FROM recordings WHERE caller_samples > 0
                    AND call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                    """, arguments: [try StoredJSON.text(ids)])
            return Set(found)
        }
    }
}
