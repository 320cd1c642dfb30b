package import Foundation

extension Store {
    /// What a scorecard makes of a call; nil where nobody has asked for it.
    package func scorecard(ofCall id: String) async throws(StoreError) -> ScorecardRecord? {
        try await read("look up a scorecard", id) { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM scorecards WHERE call_id = ?", arguments: [id])
                .map(ScorecardRecord.init(row:))
        }
    }

    /// Lets a call be scored, or scored anew; what was found before stays until then.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is no such call, `rejected` when it has not ended.
    @discardableResult
    package func wantScore(ofCall id: String, now: Date = Date()) async throws(StoreError) -> ScorecardRecord {
        try await write("score a call", id, durably: true) { db in
            let call = try SQLRow.fetchOne(db, sql: "SELECT ended_at FROM calls WHERE id = ?", arguments: [id])
            guard let call else {
                throw StoreError(.notFound, operation: "score a call", subject: id, detail: "there is no such call")
            }
            guard call["ended_at"] as Int? != nil else {
                throw StoreError(
                    .rejected, operation: "score a call", subject: id, detail: "it has not ended; score it afterwards")
            }
            // A new fence, so that whoever is at work on it stores nothing any more.
            try db.execute(
                sql: """
                    INSERT INTO scorecards (call_id, state, wanted_at) VALUES (?, 'pending', ?)
                    ON CONFLICT (call_id) DO UPDATE SET state = 'pending', wanted_at = excluded.wanted_at,
                        not_before = NULL, leased_until = NULL, attempts = 0, fence = scorecards.fence + 1
                    """, arguments: [id, now.storedMilliseconds])
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM scorecards WHERE call_id = ?", arguments: [id])
            else { preconditionFailure("a scorecard was just stored") }
            return try ScorecardRecord(row: row)
        }
    }

    /// Lets the calls of these agents be scored that have ended without anybody asking for it: those of `window` before
    /// `now`, a moment after their end, when their last row is there. Parts of other calls are left out, and so are both halves
    /// of one that went on elsewhere when its node died: what was said in one is missing in the other.
    ///
    /// - Returns: how many they were, 200 at most.
    @discardableResult
    package func wantScores(
        ofAgents agents: [String], window: TimeInterval = 86_400, settled: TimeInterval = 2, now: Date = Date()
    ) async throws(StoreError) -> Int {
        guard !agents.isEmpty else { return 0 }
        let names = try await read("find calls to score", path) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM calls WHERE agent IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                        AND started_at >= ? AND ended_at IS NOT NULL AND ended_at <= ? AND resolution IS NOT NULL
                        AND resumes IS NULL AND resumed_as IS NULL
                        AND NOT EXISTS (SELECT 1 FROM scorecards WHERE call_id = calls.id)
                    ORDER BY started_at LIMIT 200
                    """,
                arguments: [
                    try StoredJSON.text(agents.sorted()), now.addingTimeInterval(-window).storedMilliseconds,
                    now.addingTimeInterval(-settled).storedMilliseconds,
                ])
        }
        guard !names.isEmpty else { return 0 }
        return try await write("score calls", path) { db in
            var count = 0
            for id in names {
                // It may have been deleted, or wanted by another node, since.
                try db.execute(
                    sql: """
                        INSERT INTO scorecards (call_id, state, wanted_at) SELECT id, 'pending', ? FROM calls WHERE id = ?
                        ON CONFLICT (call_id) DO NOTHING
                        """, arguments: [now.storedMilliseconds, id])
                count += db.changesCount
            }
            return count
        }
    }

    /// Whether there is a call that ``claimScorecard(ofCall:lease:now:)`` would take. Quick, to be asked often.
    package func hasScorecardWork(now: Date = Date()) async throws(StoreError) -> Bool {
        try await read("look for calls to score", path) { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT true FROM scorecards WHERE state <> 'done' AND coalesce(not_before, 0) <= ?1
                        AND coalesce(leased_until, 0) <= ?1 LIMIT 1
                    """, arguments: [now.storedMilliseconds]) ?? false
        }
    }

    /// Takes a call to be scored, the one that has waited longest: whoever holds it has until `lease` is over.
    ///
    /// - Parameter id: this one; nil for any.
    /// - Returns: nil where there is none that is due.
    package func claimScorecard(
        ofCall id: String? = nil, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> ScorecardClaim? {
        try await write("claim a scorecard", id ?? path) { db in
            let moment = now.storedMilliseconds
            let found = try String.fetchOne(
                db,
                sql: """
                    SELECT own.call_id FROM scorecards AS own WHERE own.state <> 'done'
                        AND coalesce(own.not_before, 0) <= ?1 AND coalesce(own.leased_until, 0) <= ?1
                        AND (?2 = '' OR own.call_id = ?2)
                    ORDER BY own.wanted_at, own.call_id LIMIT 1 \(db.dialect.skippingLocked)
                    """, arguments: [moment, id ?? ""])
            guard let found else { return nil }
            try db.execute(
                sql: "UPDATE scorecards SET leased_until = ?, fence = fence + 1 WHERE call_id = ?",
                arguments: [now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds, found])
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM scorecards WHERE call_id = ?", arguments: [found])
            else { return nil }
            return ScorecardClaim(record: try ScorecardRecord(row: row), fence: row["fence"])
        }
    }

    /// Notes that a judge is about to be asked, before it is: what a process that dies has asked counts, too.
    ///
    /// - Parameters:
    ///   - card: whose judge it is.
    ///   - most: requests for this card in 24 hours.
    ///   - lease: how long whoever asks may take from now on.
    /// - Returns: how often it has been asked about this call since it was last to be scored, this time included; nil when
    ///   the card's requests are used up, or the call is somebody else's by now.
    package func beginJudging(
        _ claim: ScorecardClaim, card: String, dailyRequests most: Int, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> Int? {
        try await write("ask a judge", claim.record.callID, durably: true) { db in
            let since = now.storedMilliseconds - 86_400_000
            let used =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT CAST(coalesce(sum(requests), 0) AS BIGINT) FROM scorecards
                        WHERE card = ? AND requested_at IS NOT NULL AND requested_at >= ?
                        """, arguments: [card, since]) ?? 0
            guard used < most else { return nil }
            try db.execute(
                sql: """
                    UPDATE scorecards SET attempts = attempts + 1,
                        requests = CASE WHEN requested_at >= ? THEN requests + 1 ELSE 1 END, requested_at = ?, card = ?,
                        leased_until = ? WHERE call_id = ? AND fence = ?
                    """,
                arguments: [
                    since, now.storedMilliseconds, card, now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds,
                    claim.record.callID, claim.fence,
                ])
            guard db.changesCount == 1 else { return nil }
            return try Int.fetchOne(
                db, sql: "SELECT attempts FROM scorecards WHERE call_id = ?", arguments: [claim.record.callID])
        }
    }

    /// Stores what was found, and gives the call back. What a judge used is added to the call's cost, for it was paid for in any
    /// case.
    ///
    /// - Returns: false when it is somebody else's by now, or gone; then nothing changes but the cost.
    @discardableResult
    package func note(
        _ outcome: ScorecardOutcome, for claim: ScorecardClaim, now: Date = Date()
    ) async throws(StoreError) -> Bool {
        // Should it be lost with the machine the call is scored again.
        try await write("store a scorecard", claim.record.callID) { db in
            let id = claim.record.callID
            // Stored before, by somebody who did not hear so and tries again: it is paid for once.
            let before = try SQLRow.fetchOne(
                db, sql: "SELECT call_id FROM scorecards WHERE call_id = ? AND fence = ? AND leased_until IS NULL",
                arguments: [id, claim.fence])
            guard before == nil else { return true }
            if let cost = outcome.cost { try Self.add(cost, toCall: id, in: db) }
            // What has to wait takes its turn anew then, or those who wait for a judge would keep others from their rules.
            try db.execute(
                sql: """
                    UPDATE scorecards SET state = ?, card = ?, card_version = ?, score = ?, results = ?, note = ?,
                        scored_at = ?, not_before = ?, wanted_at = coalesce(?, wanted_at), leased_until = NULL,
                        attempts = attempts - ?
                        WHERE call_id = ? AND fence = ?
                    """,
                arguments: [
                    outcome.state.rawValue, outcome.card, outcome.cardVersion, outcome.score, outcome.results,
                    outcome.note, now.storedMilliseconds, outcome.notBefore?.storedMilliseconds,
                    outcome.notBefore?.storedMilliseconds, outcome.isGivenUp ? 1 : 0, id, claim.fence,
                ])
            guard db.changesCount == 1 else { return false }
            try db.execute(sql: "DELETE FROM scorecard_findings WHERE call_id = ?", arguments: [id])
            for finding in outcome.findings {
                try db.execute(
                    sql: "INSERT INTO scorecard_findings (call_id, criterion, standing, weight) VALUES (?, ?, ?, ?)",
                    arguments: [id, finding.criterion, finding.standing, finding.weight])
            }
            return true
        }
    }

    private static func add(_ cost: CallCost, toCall id: String, in db: SQLSession) throws {
        let stored = try SQLRow.fetchOne(db, sql: "SELECT cost FROM calls WHERE id = ?", arguments: [id])
        guard let stored else { return }
        let before: CallCost? = try (stored["cost"] as String?).map { try StoredJSON.value($0) }
        try db.execute(
            sql: "UPDATE calls SET cost = ? WHERE id = ?",
            arguments: [try StoredJSON.text(before.map { $0.adding(cost) } ?? cost), id])
    }
}

extension CallCost {
    /// With what was used besides; of one thing of one vendor it is one item.
    ///
    /// Amounts of another currency than this one's are left out, their quantities are not.
    package func adding(_ other: CallCost) -> CallCost {
        let isSame = currency == nil || other.currency == nil || currency == other.currency
        var sum = items
        for var item in other.items {
            if !isSame { item.amount = nil }
            guard let index = sum.firstIndex(where: { $0.provider == item.provider && $0.unit == item.unit }) else {
                sum.append(item)
                continue
            }
            sum[index].quantity += item.quantity
            if let amount = item.amount { sum[index].amount = (sum[index].amount ?? 0) + amount }
        }
        return CallCost(currency: currency ?? other.currency, items: sum)
    }
}
