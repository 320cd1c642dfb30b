package import Foundation

/// What is done with calls that are over: wanted once, taken by one, paid for as often as was said.
extension Store {
    func row<Record: Sendable>(
        of work: CallWork, call id: String, _ read: @escaping @Sendable (SQLRow) throws -> Record
    ) async throws(StoreError) -> Record? {
        try await self.read(work.operation, id) { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM \(work.table) WHERE call_id = ?", arguments: [id]).map(read)
        }
    }

    /// Lets it be done with a call, or done anew; what was found before stays until then.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is no such call, `rejected` when it has not ended.
    func want<Record: Sendable>(
        _ work: CallWork, ofCall id: String, now: Date, _ read: @escaping @Sendable (SQLRow) throws -> Record
    ) async throws(StoreError) -> Record {
        try await write(work.operation, id, durably: true) { db in
            let call = try SQLRow.fetchOne(db, sql: "SELECT ended_at FROM calls WHERE id = ?", arguments: [id])
            guard let call else {
                throw StoreError(.notFound, operation: work.operation, subject: id, detail: "there is no such call")
            }
            guard call["ended_at"] as Int? != nil else {
                throw StoreError(
                    .rejected, operation: work.operation, subject: id, detail: "it has not ended; do so afterwards")
            }
            // A new fence, so that whoever is at work on it stores nothing any more.
            try db.execute(
                sql: """
                    INSERT INTO \(work.table) (call_id, state, wanted_at) VALUES (?, 'pending', ?)
                    ON CONFLICT (call_id) DO UPDATE SET state = 'pending', wanted_at = excluded.wanted_at,
                        not_before = NULL, leased_until = NULL, attempts = 0, fence = \(work.table).fence + 1
                    """, arguments: [id, now.storedMilliseconds])
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM \(work.table) WHERE call_id = ?", arguments: [id])
            else { preconditionFailure("the row was just stored") }
            return try read(row)
        }
    }

    /// Whether a call's end is stored and what follows it is not: what was said last, what the call came to and what it cost.
    ///
    /// - Parameter patience: so long after its end, in seconds, nothing more is waited for: parts of other calls come to nothing by
    ///   themselves, and a process may have died in between.
    package func isSettling(
        call id: String, patience: TimeInterval = 10, now: Date = Date()
    ) async throws(StoreError) -> Bool {
        try await read("look whether a call is stored whole", id) { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM calls WHERE id = ? AND ended_at > ? AND resolution IS NULL",
                arguments: [id, now.addingTimeInterval(-patience).storedMilliseconds]) == 1
        }
    }

    /// Lets it be done with the calls of these agents that have ended without anybody asking for it: those of `window` before
    /// `now`, a moment after their end, when their last row is there. Parts of other calls are left out, and so are both halves
    /// of one that went on elsewhere when its node died: what was said in one is missing in the other.
    ///
    /// - Returns: how many they were, 200 at most.
    func want(
        _ work: CallWork, ofAgents agents: [String], window: TimeInterval, settled: TimeInterval, now: Date
    ) async throws(StoreError) -> Int {
        guard !agents.isEmpty else { return 0 }
        let names = try await read(work.operation, path) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM calls WHERE agent IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                        AND started_at >= ? AND ended_at IS NOT NULL AND ended_at <= ? AND resolution IS NOT NULL
                        AND resumes IS NULL AND resumed_as IS NULL
                        AND NOT EXISTS (SELECT 1 FROM \(work.table) WHERE call_id = calls.id)
                    ORDER BY started_at LIMIT 200
                    """,
                arguments: [
                    try StoredJSON.text(agents.sorted()), now.addingTimeInterval(-window).storedMilliseconds,
                    now.addingTimeInterval(-settled).storedMilliseconds,
                ])
        }
        guard !names.isEmpty else { return 0 }
        return try await write(work.operation, path) { db in
            var count = 0
            for id in names {
                // It may have been deleted, or wanted by another node, since.
                try db.execute(
                    sql: """
                        INSERT INTO \(work.table) (call_id, state, wanted_at)
                        SELECT id, 'pending', ? FROM calls WHERE id = ? ON CONFLICT (call_id) DO NOTHING
                        """, arguments: [now.storedMilliseconds, id])
                count += db.changesCount
            }
            return count
        }
    }

    /// Whether there is a call that can be taken. Quick, to be asked often.
    func isOpen(_ work: CallWork, now: Date) async throws(StoreError) -> Bool {
        try await read(work.operation, path) { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT true FROM \(work.table) WHERE state <> 'done' AND coalesce(not_before, 0) <= ?1
                        AND coalesce(leased_until, 0) <= ?1 LIMIT 1
                    """, arguments: [now.storedMilliseconds]) ?? false
        }
    }

    /// Takes a call, the one that has waited longest: whoever holds it has until `lease` is over.
    ///
    /// - Parameter id: this one; nil for any.
    /// - Returns: its row and the fence, which tells this lease from earlier and later ones; nil where there is none that is due.
    func claim<Record: Sendable>(
        _ work: CallWork, ofCall id: String?, lease: Duration, now: Date,
        _ read: @escaping @Sendable (SQLRow) throws -> Record
    ) async throws(StoreError) -> (record: Record, fence: Int)? {
        try await write(work.operation, id ?? path) { db in
            let moment = now.storedMilliseconds
            let found = try String.fetchOne(
                db,
                sql: """
                    SELECT own.call_id FROM \(work.table) AS own WHERE own.state <> 'done'
                        AND coalesce(own.not_before, 0) <= ?1 AND coalesce(own.leased_until, 0) <= ?1
                        AND (?2 = '' OR own.call_id = ?2)
                    ORDER BY own.wanted_at, own.call_id LIMIT 1 \(db.dialect.skippingLocked)
                    """, arguments: [moment, id ?? ""])
            guard let found else { return nil }
            try db.execute(
                sql: "UPDATE \(work.table) SET leased_until = ?, fence = fence + 1 WHERE call_id = ?",
                arguments: [now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds, found])
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM \(work.table) WHERE call_id = ?", arguments: [found])
            else { return nil }
            let fence: Int = row["fence"]
            return (record: try read(row), fence: fence)
        }
    }

    /// Notes that a model is about to be asked about a call, before it is: what a process that dies has asked counts, too.
    ///
    /// - Parameters:
    ///   - payer: the value of the work's column ``CallWork/budget``.
    ///   - most: requests for this one in 24 hours.
    ///   - lease: how long whoever asks may take from now on.
    /// - Returns: how often it has been asked about this call since it was last wanted, this time included; nil when the
    ///   requests are used up, or the call is somebody else's by now.
    func beginRequest(
        _ work: CallWork, ofCall id: String, fence: Int, payer: String, dailyRequests most: Int, lease: Duration,
        now: Date
    ) async throws(StoreError) -> Int? {
        try await write("ask a model about a call", id, durably: true) { db in
            let since = now.storedMilliseconds - 86_400_000
            let used =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT CAST(coalesce(sum(requests), 0) AS BIGINT) FROM \(work.table)
                        WHERE \(work.budget) = ? AND requested_at IS NOT NULL AND requested_at >= ?
                        """, arguments: [payer, since]) ?? 0
            guard used < most else { return nil }
            try db.execute(
                sql: """
                    UPDATE \(work.table) SET attempts = attempts + 1,
                        requests = CASE WHEN requested_at >= ? THEN requests + 1 ELSE 1 END, requested_at = ?,
                        \(work.budget) = ?, leased_until = ? WHERE call_id = ? AND fence = ?
                    """,
                arguments: [
                    since, now.storedMilliseconds, payer,
                    now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds, id, fence,
                ])
            guard db.changesCount == 1 else { return nil }
            return try Int.fetchOne(
                db, sql: "SELECT attempts FROM \(work.table) WHERE call_id = ?", arguments: [id])
        }
    }

    /// Whether what a taker found is stored already: it did not hear so and tries again, and a model is paid for once.
    static func hasGivenBack(_ work: CallWork, call id: String, fence: Int, in db: SQLSession) throws -> Bool {
        let row = try SQLRow.fetchOne(
            db, sql: "SELECT call_id FROM \(work.table) WHERE call_id = ? AND fence = ? AND leased_until IS NULL",
            arguments: [id, fence])
        return row != nil
    }

    /// Adds what a model used to a call's cost.
    static func add(_ cost: CallCost, toCall id: String, in db: SQLSession) throws {
        let stored = try SQLRow.fetchOne(db, sql: "SELECT cost FROM calls WHERE id = ?", arguments: [id])
        guard let stored else { return }
        let before: CallCost? = try (stored["cost"] as String?).map { try StoredJSON.value($0) }
        try db.execute(
            sql: "UPDATE calls SET cost = ? WHERE id = ?",
            arguments: [try StoredJSON.text(before.map { $0.adding(cost) } ?? cost), id])
    }
}
