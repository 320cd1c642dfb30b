package import Foundation

extension Store {
    /// Claims a key for a request.
    ///
    /// - Parameters:
    ///   - owner: who asks; keys of others are others.
    ///   - fingerprint: of the request: what makes it another one when it differs.
    ///   - oldest: what is older is forgotten.
    package func claim(
        idempotencyKey key: String, of owner: String, fingerprint: Data, now: Date, forgettingBefore oldest: Date
    ) async throws(StoreError) -> IdempotencyClaim {
        try await write("claim an idempotency key", key, durably: true) { db in
            try Self.forgetAnswers(before: oldest, in: db)
            try db.execute(
                sql: """
                    INSERT INTO idempotency (owner, key, fingerprint, created_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (owner, key) DO NOTHING
                    """, arguments: [owner, key, fingerprint, now.storedMilliseconds])
            if db.changesCount == 1 { return .mine }
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM idempotency WHERE owner = ? AND key = ?", arguments: [owner, key])
            else { preconditionFailure("a key that is in the way is there") }
            guard row["fingerprint"] as Data == fingerprint else { return .another }
            guard let status = row["status"] as Int? else {
                return .underWay(since: Date(storedMilliseconds: row["created_at"]))
            }
            return .answered(
                StoredAnswer(
                    status: status, type: row["type"], location: row["location"], body: row["body"] as Data? ?? Data()))
        }
    }

    /// Keeps what was answered.
    package func settle(
        idempotencyKey key: String, of owner: String, answer: StoredAnswer
    ) async throws(StoreError) {
        try await write("keep an answer", key, durably: true) { db in
            try db.execute(
                sql: "UPDATE idempotency SET status = ?, type = ?, location = ?, body = ? WHERE owner = ? AND key = ?",
                arguments: [answer.status, answer.type, answer.location, answer.body, owner, key])
        }
    }

    /// Forgets a key whose request did nothing.
    package func release(idempotencyKey key: String, of owner: String) async throws(StoreError) {
        try await write("release an idempotency key", key) { db in
            try db.execute(
                sql: "DELETE FROM idempotency WHERE owner = ? AND key = ? AND status IS NULL", arguments: [owner, key])
        }
    }

    /// Forgets what was answered to requests before `moment`, whether or not anybody sends another key.
    ///
    /// - Returns: how many answers.
    package func forgetAnswers(before moment: Date) async throws(StoreError) -> Int {
        try await write("forget answers", path) { db in try Self.forgetAnswers(before: moment, in: db) }
    }

    @discardableResult
    private static func forgetAnswers(before moment: Date, in db: SQLSession) throws -> Int {
        try db.execute(sql: "DELETE FROM idempotency WHERE created_at < ?", arguments: [moment.storedMilliseconds])
        return db.changesCount
    }
}
