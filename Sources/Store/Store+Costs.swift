extension Store {
    /// What calls cost, by their id; calls that used nothing of others, and unknown ones, are left out.
    package func costs(ofCalls ids: [String]) async throws(StoreError) -> [String: CallCost] {
        guard !ids.isEmpty else { return [:] }
        return try await read("add up costs", path) { db in
            let places = ids.map { _ in "?" }.joined(separator: ", ")
            let rows = try SQLRow.fetchAll(
                db, sql: "SELECT id, cost FROM calls WHERE cost IS NOT NULL AND id IN (\(places))",
                arguments: SQLValues(ids))
            var costs: [String: CallCost] = [:]
            for row in rows { costs[row["id"]] = try StoredJSON.value(row["cost"]) }
            return costs
        }
    }
}
