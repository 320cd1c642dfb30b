package import Foundation

extension Store {
    /// Files an act for review. The same key is filed once and answers with the first review.
    ///
    /// - Parameter announce: what others are told of the review.
    package func file(
        _ draft: ReviewDraft, now: Date = Date(),
        announcing announce: @escaping @Sendable (ReviewRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) -> ReviewRecord {
        try await write("file a review", draft.tool, durably: true) { db in
            try db.execute(
                sql: """
                    INSERT INTO reviews (idempotency_key, state, call_id, agent, agent_version, contact, tool, arguments,
                        reason, filed_at, expires_at) VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (idempotency_key) DO NOTHING
                    """,
                arguments: [
                    draft.idempotencyKey, draft.callID, draft.agent, draft.agentVersion, draft.contact, draft.tool,
                    draft.arguments, draft.reason, now.storedMilliseconds, draft.expiresAt.storedMilliseconds,
                ])
            let isNew = db.changesCount == 1
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM reviews WHERE idempotency_key = ?", arguments: [draft.idempotencyKey])
            else { preconditionFailure("a review was just filed") }
            let review = try ReviewRecord(row: row)
            if isNew { try Self.announce(announce(review), in: db) }
            return review
        }
    }

    /// Reviews, newest first.
    ///
    /// - Parameters:
    ///   - state: only those in it; nil for all.
    ///   - limit: 1...1000.
    package func reviews(
        in state: ReviewRecord.State? = nil, limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [ReviewRecord] {
        try await read("list the reviews", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: "SELECT * FROM reviews WHERE state = coalesce(?, state) AND id < ? ORDER BY id DESC LIMIT ?",
                arguments: [state?.rawValue, (cursor ?? .newest).number, ListCursor.most(limit)]
            ).map(ReviewRecord.init(row:))
        }
    }

    /// - Throws: ``StoreError`` with `notFound` when there is none.
    package func review(id: Int) async throws(StoreError) -> ReviewRecord {
        try await read("look up a review", "\(id)") { db in try Self.review(id: id, in: db) }
    }

    /// Decides a pending review.
    ///
    /// - Parameters:
    ///   - state: `approved` or `rejected`.
    ///   - arguments: JSON text that replaces the arguments; nil leaves them.
    ///   - mask: of what is kept of a review that is over, which a rejected one is.
    /// - Throws: ``StoreError`` with `notFound` when there is none that is still pending.
    package func decide(
        review id: Int, _ state: ReviewRecord.State, by person: String, note: String? = nil, arguments: String? = nil,
        now: Date = Date(), masking mask: @escaping @Sendable (String) -> String = { $0 }
    ) async throws(StoreError) -> ReviewRecord {
        precondition(state == .approved || state == .rejected, "a person approves or rejects")
        // On its own: what refuses the decision undoes its transaction.
        try await expireReviews(now: now, masking: mask)
        return try await write("decide a review", "\(id)", durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE reviews SET state = ?, decided_at = ?, decided_by = ?, note = ?,
                        arguments = coalesce(?, arguments) WHERE id = ? AND state = 'pending'
                    """,
                arguments: [state.rawValue, now.storedMilliseconds, person, note, arguments, id])
            let changed = db.changesCount
            let review = try Self.review(id: id, in: db)
            guard changed == 1 else {
                throw StoreError(
                    .notFound, operation: "decide a review", subject: "\(id)",
                    detail: "it is \(review.state.rawValue) already")
            }
            guard state == .rejected else { return review }
            return try Self.masked(review, by: mask, in: db)
        }
    }

    /// Lets pending reviews whose time is over expire; they will not be done.
    ///
    /// - Parameter mask: of what is kept of a review that is over.
    /// - Returns: how many.
    @discardableResult
    package func expireReviews(
        now: Date = Date(), masking mask: @escaping @Sendable (String) -> String = { $0 }
    ) async throws(StoreError) -> Int {
        try await write("expire reviews", path) { db in
            let due = try SQLRow.fetchAll(
                db, sql: "SELECT * FROM reviews WHERE state = 'pending' AND expires_at <= ? ORDER BY id",
                arguments: [now.storedMilliseconds])
            var count = 0
            for review in try due.map(ReviewRecord.init(row:)) {
                try db.execute(
                    sql: "UPDATE reviews SET state = 'expired', finished_at = ? WHERE id = ? AND state = 'pending'",
                    arguments: [now.storedMilliseconds, review.id])
                // Somebody may have decided it meanwhile.
                guard db.changesCount == 1 else { continue }
                _ = try Self.masked(review, by: mask, in: db)
                count += 1
            }
            return count
        }
    }

    /// Whether anything is to be done: an approved review, one whose taker is gone, or one whose time is over. Asks
    /// without the right to write, which others may be waiting for.
    package func hasReviewWork(now: Date = Date()) async throws(StoreError) -> Bool {
        try await read("look for reviews to be done", path) { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM reviews WHERE state = 'approved' OR (state = 'running' AND leased_until < ?1)
                            OR (state = 'pending' AND expires_at <= ?1))
                    """,
                arguments: [now.storedMilliseconds]) ?? false
        }
    }

    /// Takes an approved review to be done, or one whose taker has not been heard of: whoever holds it has until `lease`
    /// is over.
    package func claimReview(lease: Duration, now: Date = Date()) async throws(StoreError) -> ReviewRecord? {
        try await write("claim a review", path, durably: true) { db in
            let id = try Int.fetchOne(
                db,
                sql: """
                    SELECT id FROM reviews WHERE state = 'approved' OR (state = 'running' AND leased_until < ?)
                    ORDER BY id LIMIT 1
                    """,
                arguments: [now.storedMilliseconds])
            guard let id else { return nil }
            let until = now.addingTimeInterval(lease / .seconds(1))
            try db.execute(
                sql: "UPDATE reviews SET state = 'running', leased_until = ?, attempts = attempts + 1 WHERE id = ?",
                arguments: [until.storedMilliseconds, id])
            return try Self.review(id: id, in: db)
        }
    }

    /// Notes what came of a review that was being done.
    ///
    /// - Parameter mask: of what is kept of a review that is over beside its result.
    package func finish(
        review id: Int, _ state: ReviewRecord.State, result: String, now: Date = Date(),
        masking mask: @escaping @Sendable (String) -> String = { $0 }
    ) async throws(StoreError) {
        try await write("finish a review", "\(id)", durably: true) { db in
            try db.execute(
                sql: "UPDATE reviews SET state = ?, result = ?, finished_at = ? WHERE id = ? AND state = 'running'",
                arguments: [state.rawValue, result, now.storedMilliseconds, id])
            // Whoever looks whether an unclear one was done has to see what and for whom.
            guard db.changesCount == 1, state != .unclear else { return }
            _ = try Self.masked(try Self.review(id: id, in: db), by: mask, in: db)
        }
    }

    /// Nobody needs the values of an act any more that was done, or never will be.
    private static func masked(
        _ review: ReviewRecord, by mask: (String) -> String, in db: SQLSession
    ) throws -> ReviewRecord {
        try db.execute(
            sql: "UPDATE reviews SET arguments = ?, reason = ? WHERE id = ?",
            arguments: [mask(review.arguments), mask(review.reason), review.id])
        return try Self.review(id: review.id, in: db)
    }

    private static func review(id: Int, in db: SQLSession) throws -> ReviewRecord {
        guard let row = try SQLRow.fetchOne(db, sql: "SELECT * FROM reviews WHERE id = ?", arguments: [id]) else {
            throw StoreError(.notFound, operation: "look up a review", subject: "\(id)", detail: "there is none")
        }
        return try ReviewRecord(row: row)
    }
}

extension ReviewRecord {
    fileprivate init(row: SQLRow) throws {
        func date(_ column: String) -> Date? { (row[column] as Int?).map(Date.init(storedMilliseconds:)) }
        id = row["id"]
        state = State(rawValue: row["state"]) ?? .unclear
        callID = row["call_id"]
        agent = row["agent"]
        agentVersion = row["agent_version"]
        contact = row["contact"]
        tool = row["tool"]
        arguments = row["arguments"]
        reason = row["reason"]
        filedAt = Date(storedMilliseconds: row["filed_at"])
        expiresAt = Date(storedMilliseconds: row["expires_at"])
        decidedAt = date("decided_at")
        decidedBy = row["decided_by"]
        note = row["note"]
        attempts = row["attempts"]
        result = row["result"]
        finishedAt = date("finished_at")
    }
}
