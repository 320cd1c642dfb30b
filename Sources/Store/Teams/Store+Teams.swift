package import Foundation

extension Store {
    /// Begins a run. The same key begins one run and answers with the first.
    package func begin(_ draft: TeamRunDraft, now: Date = Date()) async throws(StoreError) -> TeamRunRecord {
        try await write("begin a team's run", draft.agent, durably: true) { db in
            try db.execute(
                sql: """
                    INSERT INTO team_runs (id, idempotency_key, agent, agent_version, plan, variables, dial, call_id, state,
                        began_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
                    ON CONFLICT (idempotency_key) DO NOTHING
                    """,
                arguments: [
                    draft.id, draft.idempotencyKey, draft.agent, draft.agentVersion, draft.plan,
                    try StoredJSON.text(draft.variables), draft.dial, draft.callID, now.storedMilliseconds,
                ])
            if db.changesCount == 1 {
                var position = 0
                for (stage, names) in draft.stages.enumerated() {
                    for name in names {
                        try db.execute(
                            sql: """
                                INSERT INTO team_steps (run_id, position, stage, name, state)
                                VALUES (?, ?, ?, ?, 'pending')
                                """,
                            arguments: [draft.id, position, stage, name])
                        position += 1
                    }
                }
            }
            let id = try String.fetchOne(
                db, sql: "SELECT id FROM team_runs WHERE idempotency_key = ?", arguments: [draft.idempotencyKey])
            return try Self.teamRun(id ?? "", in: db)
        }
    }

    /// - Throws: ``StoreError`` with `notFound` when there is none.
    package func teamRun(id: String) async throws(StoreError) -> TeamRunRecord {
        try await read("look up a team's run", id) { db in try Self.teamRun(id, in: db) }
    }

    /// Runs, newest first.
    ///
    /// - Parameter limit: 1...1000.
    package func teamRuns(limit: Int = 50) async throws(StoreError) -> [TeamRunRecord] {
        try await read("list the teams' runs", path) { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM team_runs ORDER BY began_at DESC, id DESC LIMIT ?",
                arguments: [min(max(limit, 1), 1000)]
            ).map { try Self.teamRun($0, in: db) }
        }
    }

    /// Takes a step to be done, or one whose taker has not been heard of: whoever holds it has until `lease` is over.
    ///
    /// - Returns: how often it has been taken, this time included, by which its taker is known from now on; nil when it is
    ///   somebody else's, not due, or settled.
    package func claim(
        step name: String, ofRun run: String, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> Int? {
        try await write("claim a team's step", "\(run)/\(name)", durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE team_steps SET state = 'running', leased_until = ?1, attempts = attempts + 1,
                        began_at = coalesce(began_at, ?2), not_before = NULL
                    WHERE run_id = ?3 AND name = ?4 AND EXISTS (SELECT 1 FROM team_runs WHERE id = ?3 AND state = 'open')
                        AND ((state = 'pending' AND coalesce(not_before, 0) <= ?2)
                            OR (state = 'running' AND leased_until < ?2))
                    """,
                arguments: [
                    now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds, now.storedMilliseconds, run, name,
                ])
            guard db.changesCount == 1 else { return nil }
            return try Int.fetchOne(
                db, sql: "SELECT attempts FROM team_steps WHERE run_id = ? AND name = ?", arguments: [run, name])
        }
    }

    /// Gives whoever does a step more time.
    ///
    /// - Parameter attempt: as it was taken, see ``claim(step:ofRun:lease:now:)``.
    /// - Returns: false when it is somebody else's by now.
    package func renew(
        step name: String, ofRun run: String, attempt: Int, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> Bool {
        try await write("renew a team's step", "\(run)/\(name)") { db in
            try db.execute(
                sql: """
                    UPDATE team_steps SET leased_until = ?
                    WHERE run_id = ? AND name = ? AND state = 'running' AND attempts = ?
                    """,
                arguments: [now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds, run, name, attempt])
            return db.changesCount == 1
        }
    }

    /// Notes what came of a step that was being done, or of what it waited for.
    ///
    /// Of a run that a person has ended meanwhile nothing goes on: a step that would wait or be done again is skipped.
    ///
    /// - Parameter attempt: of whoever did it, as it was taken; nil for what a step waited for.
    /// - Returns: false when the step is somebody else's by now, or settled; then it stays as it is.
    @discardableResult
    package func note(
        step name: String, ofRun run: String, attempt: Int?, _ outcome: TeamStepOutcome, now: Date = Date()
    ) async throws(StoreError) -> Bool {
        try await write("note a team's step", "\(run)/\(name)", durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE team_steps SET state = ?, confidence = coalesce(?, confidence), result = coalesce(?, result),
                        reason = ?, calls = coalesce(?, calls), review_id = coalesce(?, review_id), not_before = ?,
                        leased_until = NULL, finished_at = ?
                    WHERE run_id = ? AND name = ?
                        AND ((state = 'running' AND attempts = ?) OR (state = 'waiting' AND ? IS NULL))
                    """,
                arguments: [
                    outcome.state.rawValue, outcome.confidence, outcome.result, outcome.reason, outcome.calls,
                    outcome.reviewID, outcome.notBefore?.storedMilliseconds,
                    outcome.state.isSettled ? now.storedMilliseconds : nil, run, name, attempt, attempt,
                ])
            guard db.changesCount == 1 else { return false }
            let isOpen = try Bool.fetchOne(
                db, sql: "SELECT state = 'open' FROM team_runs WHERE id = ?", arguments: [run])
            if isOpen == false { try Self.skipSteps(ofRun: run, now, in: db) }
            return true
        }
    }

    /// Notes which call a run is about.
    package func note(call id: String, ofRun run: String) async throws(StoreError) {
        try await write("note a team's call", run) { db in
            try db.execute(
                sql: "UPDATE team_runs SET call_id = ? WHERE id = ? AND call_id IS NULL", arguments: [id, run])
        }
    }

    /// Ends an open run; what was not begun is skipped, and reviews that its steps wait for expire.
    ///
    /// - Parameter campaign: the name of the one that places its call: nobody is called by it any more, except where an
    ///   attempt is open; nil leaves it.
    /// - Returns: false when it was over already.
    @discardableResult
    package func finish(
        run id: String, _ state: TeamRunRecord.State, because reason: String? = nil,
        withdrawing campaign: String? = nil,
        now: Date = Date()
    ) async throws(StoreError) -> Bool {
        try await write("finish a team's run", id, durably: true) { db in
            try db.execute(
                sql: "UPDATE team_runs SET state = ?, reason = ?, finished_at = ? WHERE id = ? AND state = 'open'",
                arguments: [state.rawValue, reason, now.storedMilliseconds, id])
            guard db.changesCount == 1 else { return false }
            try Self.skipSteps(ofRun: id, now, in: db)
            if let campaign { _ = try Self.withdraw(campaign: campaign, reason ?? state.rawValue, now, in: db) }
            return true
        }
    }

    private static func skipSteps(ofRun id: String, _ now: Date, in db: SQLSession) throws {
        try db.execute(
            sql: """
                UPDATE reviews SET state = 'expired', finished_at = ? WHERE state = 'pending' AND id IN
                    (SELECT review_id FROM team_steps WHERE run_id = ? AND state = 'waiting')
                """, arguments: [now.storedMilliseconds, id])
        try db.execute(
            sql:
                "UPDATE team_steps SET state = 'skipped', finished_at = ? WHERE run_id = ? AND state IN ('pending', 'waiting')",
            arguments: [now.storedMilliseconds, id])
    }

    /// Lets a campaign call nobody any more; an open attempt comes to its end.
    ///
    /// - Returns: whether somebody would have been called.
    package func withdraw(
        campaign name: String, because reason: String, now: Date = Date()
    ) async throws(StoreError) -> Bool {
        try await write("withdraw a call", name, durably: true) { db in
            try Self.withdraw(campaign: name, reason, now, in: db)
        }
    }

    private static func withdraw(campaign name: String, _ reason: String, _ now: Date, in db: SQLSession) throws -> Bool
    {
        // The intent to call needs a contact that waits, so after this there is none.
        try db.execute(
            sql: """
                UPDATE contacts SET state = 'done', outcome = coalesce(outcome, 'withdrawn'), changed_at = ?
                WHERE state = 'waiting' AND campaign_id = (SELECT id FROM campaigns WHERE name = ?)
                """, arguments: [now.storedMilliseconds, name])
        let isWithdrawn = db.changesCount > 0
        // Not tried again either, should the open attempt turn out to be none.
        try db.execute(
            sql:
                "UPDATE campaigns SET state = 'paused', reason = ?, changed_at = ? WHERE name = ? AND state = 'running'",
            arguments: [reason, now.storedMilliseconds, name])
        return isWithdrawn
    }

    /// Calls of an agent that have ended and that no run is about: those that began within `window` before `now`, but not
    /// before this was first asked of the agent.
    ///
    /// Calls that a run has placed are that run's.
    ///
    /// - Parameter needs: values that the contact of each must have.
    package func callsWithoutTeam(
        of agent: String, placedBy prefix: String, having needs: [String] = [], window: TimeInterval = 86_400,
        now: Date = Date()
    ) async throws(StoreError) -> [String] {
        let known = try await read("look whether an agent's calls are watched", agent) { db in
            try Int.fetchOne(db, sql: "SELECT since FROM team_watches WHERE agent = ?", arguments: [agent])
        }
        guard let known else {
            try await write("watch an agent's calls", agent) { db in
                try db.execute(
                    sql: "INSERT INTO team_watches (agent, since) VALUES (?, ?) ON CONFLICT (agent) DO NOTHING",
                    arguments: [agent, now.storedMilliseconds])
            }
            return []
        }
        let since = Date(storedMilliseconds: known)
        return try await read("find calls without a team", agent) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM calls WHERE started_at >= ?1 AND agent = ?2 AND ended_at IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM team_runs WHERE call_id = calls.id)
                        AND NOT EXISTS (
                            SELECT 1 FROM attempts JOIN campaigns ON campaigns.id = attempts.campaign_id
                            WHERE attempts.call_id = calls.id AND substr(campaigns.name, 1, length(?3)) = ?3)
                        AND NOT EXISTS (
                            SELECT 1 FROM \(db.dialect.elements(ofJSON: "?4", as: "need")) WHERE NOT EXISTS (
                                SELECT 1 FROM attempts JOIN contacts ON contacts.id = attempts.contact_id
                                WHERE attempts.call_id = calls.id
                                    AND \(db.dialect.hasKey(json: "contacts.variables", "need.value"))))
                    ORDER BY started_at LIMIT 100
                    """,
                arguments: [
                    max(since, now.addingTimeInterval(-window)).storedMilliseconds, agent, prefix,
                    try StoredJSON.text(needs),
                ])
        }
    }

    /// Whether a call is there, with its end.
    package func hasEnded(call id: String) async throws(StoreError) -> Bool {
        try await read("look whether a call has ended", id) { db in
            try Bool.fetchOne(db, sql: "SELECT ended_at IS NOT NULL FROM calls WHERE id = ?", arguments: [id]) ?? false
        }
    }

    /// Forgets agents whose calls no team follows any more; should one do so again, it begins with the calls from then on.
    package func watchTeams(of agents: Set<String>) async throws(StoreError) {
        let names = agents.sorted()
        let known = try await read("list watched agents", path) { db in
            try String.fetchAll(db, sql: "SELECT agent FROM team_watches ORDER BY agent")
        }
        let gone = known.filter { !names.contains($0) }
        guard !gone.isEmpty else { return }
        try await write("forget watched agents", path) { db in
            for agent in gone { try db.execute(sql: "DELETE FROM team_watches WHERE agent = ?", arguments: [agent]) }
        }
    }

    /// Deletes runs that are over and began before a moment.
    static func deleteTeamRuns(before moment: Date, in db: SQLSession) throws {
        try db.execute(
            sql: "DELETE FROM team_runs WHERE began_at < ? AND state <> 'open'", arguments: [moment.storedMilliseconds])
    }

    private static func teamRun(_ id: String, in db: SQLSession) throws -> TeamRunRecord {
        guard let row = try SQLRow.fetchOne(db, sql: "SELECT * FROM team_runs WHERE id = ?", arguments: [id]) else {
            throw StoreError(.notFound, operation: "look up a team's run", subject: id, detail: "there is none")
        }
        let steps = try SQLRow.fetchAll(
            db, sql: "SELECT * FROM team_steps WHERE run_id = ? ORDER BY position", arguments: [id])
        return try TeamRunRecord(row: row, steps: steps.map(TeamStepRecord.init(row:)))
    }
}
