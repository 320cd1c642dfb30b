package import Foundation

extension Store {
    /// What is written down of a call; nil where nobody has asked for it.
    package func analysis(ofCall id: String) async throws(StoreError) -> AnalysisRecord? {
        try await row(of: .analyses, call: id) { try AnalysisRecord(row: $0) }
    }

    /// What is written down of calls, by their id; of 1,000 at most.
    package func analyses(ofCalls ids: [String]) async throws(StoreError) -> [String: AnalysisRecord] {
        guard !ids.isEmpty else { return [:] }
        return try await read("look up what is written down of calls", path) { db in
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM call_analyses
                    WHERE call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                    """, arguments: [try StoredJSON.text(Array(ids.prefix(1000)))])
            let records = try rows.map(AnalysisRecord.init(row:))
            return Dictionary(records.map { ($0.callID, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Lets a call be written down, or written down anew; what was found before stays until then.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is no such call, `rejected` when it has not ended.
    @discardableResult
    package func wantAnalysis(ofCall id: String, now: Date = Date()) async throws(StoreError) -> AnalysisRecord {
        try await want(.analyses, ofCall: id, now: now) { try AnalysisRecord(row: $0) }
    }

    /// As ``wantScores(ofAgents:window:settled:now:)``, for what is written down.
    @discardableResult
    package func wantAnalyses(
        ofAgents agents: [String], window: TimeInterval = 86_400, settled: TimeInterval = 2, now: Date = Date()
    ) async throws(StoreError) -> Int {
        try await want(.analyses, ofAgents: agents, window: window, settled: settled, now: now)
    }

    /// Whether there is a call that ``claimAnalysis(ofCall:lease:now:)`` would take. Quick, to be asked often.
    package func hasAnalysisWork(now: Date = Date()) async throws(StoreError) -> Bool {
        try await isOpen(.analyses, now: now)
    }

    /// Takes a call to be written down, the one that has waited longest: whoever holds it has until `lease` is over.
    ///
    /// - Parameter id: this one; nil for any.
    /// - Returns: nil where there is none that is due.
    package func claimAnalysis(
        ofCall id: String? = nil, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> AnalysisClaim? {
        try await claim(.analyses, ofCall: id, lease: lease, now: now) { try AnalysisRecord(row: $0) }
            .map { AnalysisClaim(record: $0.record, fence: $0.fence) }
    }

    /// Notes that a model is about to be asked, before it is. As ``beginJudging(_:card:dailyRequests:lease:now:)``, counted by
    /// agent.
    package func beginAnalysis(
        _ claim: AnalysisClaim, agent: String, dailyRequests most: Int, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> Int? {
        try await beginRequest(
            .analyses, ofCall: claim.record.callID, fence: claim.fence, payer: agent, dailyRequests: most,
            lease: lease, now: now)
    }

    /// Stores what was found with those who are told of it, and gives the call back. What a model used is added to the call's
    /// cost, for it was paid for in any case.
    ///
    /// - Returns: false when it is somebody else's by now, or gone; then nothing changes but the cost.
    @discardableResult
    package func note(
        _ outcome: AnalysisOutcome, for claim: AnalysisClaim, announcing drafts: [WebhookDraft] = [],
        now: Date = Date()
    ) async throws(StoreError) -> Bool {
        // Should it be lost with the machine the call is written down again.
        try await write("store what is written down of a call", claim.record.callID) { db in
            let id = claim.record.callID
            if try Self.hasGivenBack(.analyses, call: id, fence: claim.fence, in: db) { return true }
            if let cost = outcome.cost { try Self.add(cost, toCall: id, in: db) }
            // What has to wait takes its turn anew then, or those who wait for a model would keep others from their rules.
            try db.execute(
                sql: """
                    UPDATE call_analyses SET state = ?, disposition = ?, summary_words = ?, results = ?, note = ?,
                        analyzed_at = ?, not_before = ?, wanted_at = coalesce(?, wanted_at), leased_until = NULL,
                        attempts = attempts - ?
                        WHERE call_id = ? AND fence = ?
                    """,
                arguments: [
                    outcome.state.rawValue, outcome.disposition, SummaryWords.stored(outcome.summary),
                    outcome.results, outcome.note, now.storedMilliseconds, outcome.notBefore?.storedMilliseconds,
                    outcome.notBefore?.storedMilliseconds, outcome.isGivenUp ? 1 : 0, id, claim.fence,
                ])
            guard db.changesCount == 1 else { return false }
            try Self.announce(drafts, in: db)
            return true
        }
    }
}
