package import Foundation

extension Store {
    /// Attempts of a campaign in the order in which they were intended, from the one after `last` on. Those that come in meanwhile
    /// stand at the end.
    package func attempts(
        campaign: String, after last: (intendedAt: Date, id: String)? = nil, limit: Int
    ) async throws(StoreError) -> [AttemptRecord] {
        let moment = last?.intendedAt.storedMilliseconds ?? Int.min
        let id = last?.id ?? ""
        return try await read("list the attempts", campaign) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM attempts WHERE campaign_id = ? AND (intended_at, id) > (?, ?)
                    ORDER BY intended_at, id LIMIT ?
                    """, arguments: [campaign, moment, id, limit]
            ).map(AttemptRecord.init(row:))
        }
    }
}
