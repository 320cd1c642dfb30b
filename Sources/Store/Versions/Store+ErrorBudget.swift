package import Foundation

/// A call as its version's error budget counts it.
package struct CallOutcome: Sendable, Equatable {
    package var callID: String
    package var endedAt: Date
    /// What went wrong → how often.
    package var faults: [String: Int]

    package init(callID: String, endedAt: Date, faults: [String: Int]) {
        self.callID = callID
        self.endedAt = endedAt
        self.faults = faults
    }
}

/// A person's no to what an agent wanted to do.
package struct RejectedReview: Sendable, Equatable {
    package var id: Int
    package var callID: String
    package var agent: String
    package var agentVersion: String
    package var decidedAt: Date

    package init(id: Int, callID: String, agent: String, agentVersion: String, decidedAt: Date) {
        self.id = id
        self.callID = callID
        self.agent = agent
        self.agentVersion = agentVersion
        self.decidedAt = decidedAt
    }
}

extension Store {
    /// Calls of a version that ended in a window, the oldest first; reviews that were rejected are not among their faults.
    ///
    /// - Parameters:
    ///   - began: calls that began at this moment or later.
    ///   - ended: calls that ended at this moment or later.
    ///   - limit: the newest of them.
    package func outcomes(
        ofVersion hash: String, of agent: String, began: Date, ended: Date, limit: Int
    ) async throws(StoreError) -> [CallOutcome] {
        try await read("read how a version's calls went", agent) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT id, ended_at, faults FROM calls
                    WHERE agent = ? AND agent_version = ? AND started_at >= ? AND ended_at >= ?
                    ORDER BY ended_at DESC LIMIT ?
                    """,
                arguments: [agent, hash, began.storedMilliseconds, ended.storedMilliseconds, limit]
            ).reversed().map { row in
                CallOutcome(
                    callID: row["id"], endedAt: Date(storedMilliseconds: row["ended_at"]),
                    faults: try (row["faults"] as String?).map { try StoredJSON.value($0) } ?? [:])
            }
        }
    }

    /// Reviews that were rejected at a moment or later, in the order of that.
    package func rejectedReviews(since moment: Date) async throws(StoreError) -> [RejectedReview] {
        try await read("read which reviews were rejected", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT id, call_id, agent, agent_version, decided_at FROM reviews
                    WHERE state = 'rejected' AND decided_at >= ? ORDER BY decided_at
                    """, arguments: [moment.storedMilliseconds]
            ).map { row in
                RejectedReview(
                    id: row["id"], callID: row["call_id"], agent: row["agent"], agentVersion: row["agent_version"],
                    decidedAt: Date(storedMilliseconds: row["decided_at"]))
            }
        }
    }

    /// How many calls each version of an agent has taken, by hash.
    package func callsByVersion(of agent: String) async throws(StoreError) -> [String: Int] {
        try await read("count the calls of versions", agent) { db in
            let rows = try SQLRow.fetchAll(
                db, sql: "SELECT agent_version, count(*) AS calls FROM calls WHERE agent = ? GROUP BY agent_version",
                arguments: [agent])
            return Dictionary(rows.map { ($0["agent_version"], $0["calls"]) }) { $1 }
        }
    }

    /// What is to happen to a version whose error budget is spent.
    package enum BurnAction: Sendable, Equatable {
        /// Nothing but the record of it.
        case alert
        /// The version that was live before takes new calls, if there is one, see ``predecessors(of:agent:in:)``.
        case rollBack
        /// New calls go to the agent's escalation.
        case escalate
    }

    /// Takes a version off whose error budget is spent, once. A version on trial loses its share.
    ///
    /// - Parameter isStandIn: it takes calls in this process only, for the live one cannot be loaded there: it is noted as
    ///   burnt, and nothing else changes.
    /// - Parameter announce: what others are told of it.
    /// - Returns: the standing after it; nil where the version takes no calls or has burnt before, so that whoever else saw
    ///   the same has done it already.
    package func burn(
        version number: Int, of agent: String, because reason: String, action: BurnAction, isStandIn: Bool = false,
        now: Date = Date(),
        announcing announce: @escaping @Sendable (AgentVersionRecord, _ act: Int) -> [WebhookDraft] = { _, _ in [] }
    ) async throws(StoreError) -> AgentStanding? {
        try await write("take a version off", agent, durably: true) { db in
            guard let before = try Self.standing(of: agent, in: db) else { return nil }
            let isServing = before.live == number || before.trial == number
            guard isServing || isStandIn else { return nil }
            try db.execute(
                sql: """
                    UPDATE agent_versions SET burnt_at = ?, burnt_because = ?
                    WHERE agent = ? AND number = ? AND burnt_at IS NULL
                    """, arguments: [now.storedMilliseconds, reason, agent, number])
            guard db.changesCount == 1 else { return nil }
            var after = before
            var what = "it goes on"
            if !isServing { what += " in place of version \(before.live), which cannot be loaded" }
            switch action {
            case _ where !isServing: break
            case .alert: break
            case .rollBack, .escalate:
                if before.trial == number {
                    (after.trial, after.percent) = (nil, 0)
                    what = "version \(before.live) takes its share"
                } else if action == .escalate {
                    after.escalates = true
                    what = "new calls go to the agent's escalation"
                } else if let earlier = try Self.predecessors(of: number, agent: agent, in: db).first {
                    after.live = earlier
                    // It cannot stand beside itself.
                    if after.trial == earlier { (after.trial, after.percent) = (nil, 0) }
                    what = "version \(earlier) takes new calls"
                } else {
                    what = "it goes on, for no version before it can be gone back to"
                }
            }
            let act = try Self.act(
                .burnt, agent, number, by: Self.errorBudget, detail: "\(reason); \(what)", now: now, in: db)
            let standing =
                isServing
                ? try Self.stand(
                    agent, live: after.live, trial: after.trial, percent: after.percent, escalates: after.escalates,
                    in: db) : before
            try IncidentRecord(
                happenedAt: now, kind: "errorBudget", detail: "\(agent) version \(number): \(reason); \(what)"
            ).store(in: db)
            try Self.announce(announce(try Self.version(number, of: agent, in: db), act), in: db)
            return standing
        }
    }
}
