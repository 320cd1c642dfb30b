package import Foundation

extension Store {
    /// What a scorecard makes of a call; nil where nobody has asked for it.
    package func scorecard(ofCall id: String) async throws(StoreError) -> ScorecardRecord? {
        try await row(of: .scorecards, call: id) { try ScorecardRecord(row: $0) }
    }

    /// Lets a call be scored, or scored anew; what was found before stays until then.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is no such call, `rejected` when it has not ended.
    @discardableResult
    package func wantScore(ofCall id: String, now: Date = Date()) async throws(StoreError) -> ScorecardRecord {
        try await want(.scorecards, ofCall: id, now: now) { try ScorecardRecord(row: $0) }
    }

    /// Lets the calls of these agents be scored that have ended without anybody asking for it, but for parts of other calls.
    ///
    /// - Parameters:
    ///   - window: how long before `now` they may have begun.
    ///   - settled: how long before `now` they ended at least.
    /// - Returns: how many they were, 200 at most.
    @discardableResult
    package func wantScores(
        ofAgents agents: [String], window: TimeInterval = 86_400, settled: TimeInterval = 2, now: Date = Date()
    ) async throws(StoreError) -> Int {
        try await want(.scorecards, ofAgents: agents, window: window, settled: settled, now: now)
    }

    /// Whether there is a call that ``claimScorecard(ofCall:lease:now:)`` would take. Quick, to be asked often.
    package func hasScorecardWork(now: Date = Date()) async throws(StoreError) -> Bool {
        try await isOpen(.scorecards, now: now)
    }

    /// Takes a call to be scored, the one that has waited longest: whoever holds it has until `lease` is over.
    ///
    /// - Parameter id: this one; nil for any.
    /// - Returns: nil where there is none that is due.
    package func claimScorecard(
        ofCall id: String? = nil, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> ScorecardClaim? {
        try await claim(.scorecards, ofCall: id, lease: lease, now: now) { try ScorecardRecord(row: $0) }
            .map { ScorecardClaim(record: $0.record, fence: $0.fence) }
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
        try await beginRequest(
            .scorecards, ofCall: claim.record.callID, fence: claim.fence, payer: card, dailyRequests: most,
            lease: lease, now: now)
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
            if try Self.hasGivenBack(.scorecards, call: id, fence: claim.fence, in: db) { return true }
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
