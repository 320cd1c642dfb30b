package import Foundation
import GRDB

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
                for (position, name) in draft.steps.enumerated() {
                    try db.execute(
                        sql: "INSERT INTO team_steps (run_id, position, name, state) VALUES (?, ?, ?, 'pending')",
                        arguments: [draft.id, position, name])
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

    /// Those that are not over, oldest first.
    package func openTeamRuns(limit: Int = 100) async throws(StoreError) -> [TeamRunRecord] {
        try await read("list the teams' open runs", path) { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM team_runs WHERE state = 'open' ORDER BY began_at LIMIT ?", arguments: [limit]
            ).map { try Self.teamRun($0, in: db) }
        }
    }

    /// Takes a step to be done, or one whose taker has not been heard of: whoever holds it has until `lease` is over.
    ///
    /// - Returns: false when it is somebody else's, not due, or settled.
    package func claim(
        step name: String, ofRun run: String, lease: Duration, now: Date = Date()
    ) async throws(StoreError) -> Bool {
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
            return db.changesCount == 1
        }
    }

    /// Gives whoever does a step more time.
    package func renew(
        step name: String, ofRun run: String, lease: Duration, now: Date = Date()
    ) async throws(StoreError) {
        try await write("renew a team's step", "\(run)/\(name)") { db in
            try db.execute(
                sql: "UPDATE team_steps SET leased_until = ? WHERE run_id = ? AND name = ? AND state = 'running'",
                arguments: [now.addingTimeInterval(lease / .seconds(1)).storedMilliseconds, run, name])
        }
    }

    /// Notes what came of a step that was being done, or of what it waited for. A step that is settled stays as it is.
    package func note(
        step name: String, ofRun run: String, _ outcome: TeamStepOutcome, now: Date = Date()
    ) async throws(StoreError) {
        try await write("note a team's step", "\(run)/\(name)", durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE team_steps SET state = ?, confidence = coalesce(?, confidence), result = coalesce(?, result),
                        reason = ?, calls = coalesce(?, calls), review_id = coalesce(?, review_id), not_before = ?,
                        leased_until = NULL, finished_at = ?
                    WHERE run_id = ? AND name = ? AND state IN ('running', 'waiting')
                    """,
                arguments: [
                    outcome.state.rawValue, outcome.confidence, outcome.result, outcome.reason, outcome.calls,
                    outcome.reviewID, outcome.notBefore?.storedMilliseconds,
                    outcome.state.isSettled ? now.storedMilliseconds : nil, run, name,
                ])
        }
    }

    /// Notes which call a run is about.
    package func note(call id: String, ofRun run: String) async throws(StoreError) {
        try await write("note a team's call", run) { db in
            try db.execute(
                sql: "UPDATE team_runs SET call_id = ? WHERE id = ? AND call_id IS NULL", arguments: [id, run])
        }
    }

    /// Ends an open run; what was not begun is skipped.
    ///
    /// - Returns: false when it was over already.
    @discardableResult
    package func finish(
        run id: String, _ state: TeamRunRecord.State, because reason: String? = nil, now: Date = Date()
    ) async throws(StoreError) -> Bool {
        try await write("finish a team's run", id, durably: true) { db in
            try db.execute(
                sql: "UPDATE team_runs SET state = ?, reason = ?, finished_at = ? WHERE id = ? AND state = 'open'",
                arguments: [state.rawValue, reason, now.storedMilliseconds, id])
            guard db.changesCount == 1 else { return false }
            try db.execute(
                sql: """
                    UPDATE team_steps SET state = 'skipped', finished_at = ?
                    WHERE run_id = ? AND state IN ('pending', 'waiting')
                    """, arguments: [now.storedMilliseconds, id])
            return true
        }
    }

    /// Calls of an agent that have ended and that no run is about: those that began within `window` before `now`, but not
    /// before this was first asked of the agent.
    ///
    /// Calls that a run has placed are that run's.
    package func callsWithoutTeam(
        of agent: String, placedBy prefix: String, window: TimeInterval = 86_400, now: Date = Date()
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
                    ORDER BY started_at LIMIT 100
                    """,
                arguments: [max(since, now.addingTimeInterval(-window)).storedMilliseconds, agent, prefix])
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
    static func deleteTeamRuns(before moment: Date, in db: Database) throws {
        try db.execute(
            sql: "DELETE FROM team_runs WHERE began_at < ? AND state <> 'open'", arguments: [moment.storedMilliseconds])
    }

    private static func teamRun(_ id: String, in db: Database) throws -> TeamRunRecord {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM team_runs WHERE id = ?", arguments: [id]) else {
            throw StoreError(.notFound, operation: "look up a team's run", subject: id, detail: "there is none")
        }
        let steps = try Row.fetchAll(
            db, sql: "SELECT * FROM team_steps WHERE run_id = ? ORDER BY position", arguments: [id])
        return try TeamRunRecord(row: row, steps: steps.map(TeamStepRecord.init(row:)))
    }
}
