package import Foundation

/// What was live before, and what a service could not load.
extension Store {
    /// Who has done what followed from a spent error budget.
    static let errorBudget = "its error budget"

    /// Notes that a service does not take a version that it should.
    ///
    /// - Parameter number: nil where it is the agent's file.
    package func refuse(
        version number: Int?, of agent: String, because reason: String, now: Date = Date()
    ) async throws(StoreError) {
        try await write("note a refused version", agent) { db in
            _ = try Self.act(.refused, agent, number, by: "the service", detail: reason, now: now, in: db)
        }
    }

    /// Takes back what ``refuse(version:of:because:now:)`` said: the service has followed the decision after all.
    ///
    /// - Parameter act: the decision; what was refused later is taken back.
    package func noteTaken(_ agent: String, since act: Int, now: Date = Date()) async throws(StoreError) {
        try await write("note that a refused version is taken", agent) { db in
            try db.execute(
                sql: """
                    UPDATE agent_acts SET taken_at = ?
                    WHERE agent = ? AND kind = 'refused' AND taken_at IS NULL AND id > ?
                    """, arguments: [now.storedMilliseconds, agent, act])
        }
    }

    /// Why a service does not take the newest decision on an agent's versions; nil where none has refused it, or one that
    /// had has taken it since.
    package func refusal(of agent: String) async throws(StoreError) -> String? {
        try await read("look for a refused version", agent) { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT detail FROM agent_acts
                    WHERE agent = ?1 AND kind = 'refused' AND taken_at IS NULL AND id > coalesce((
                        SELECT max(id) FROM agent_acts
                        WHERE agent = ?1 AND (live IS NOT NULL OR kind = 'unpublished')), 0)
                    ORDER BY id DESC LIMIT 1
                    """, arguments: [agent])
        }
    }

    /// Goes on to the next version before, where a service cannot load the one that a spent error budget chose.
    ///
    /// Without another the version that burnt is live again, and an incident says so.
    ///
    /// - Parameter number: what is live and cannot be loaded.
    /// - Returns: the standing after it; nil where a person chose that version, or something else is live by now.
    package func passOver(
        version number: Int, of agent: String, because reason: String, now: Date = Date()
    ) async throws(StoreError) -> AgentStanding? {
        try await write("go on to an earlier version", agent, durably: true) { db in
            guard let before = try Self.standing(of: agent, in: db), before.live == number,
                try String.fetchOne(
                    db, sql: "SELECT done_by FROM agent_acts WHERE id = ? AND kind IN ('burnt', 'rolled_back')",
                    arguments: [before.act]) == Self.errorBudget,
                let burn = try SQLRow.fetchOne(
                    db,
                    sql: """
                        SELECT id, number FROM agent_acts WHERE agent = ? AND kind = 'burnt' ORDER BY id DESC LIMIT 1
                        """,
                    arguments: [agent])
            else { return nil }
            let (burnID, burnt): (Int, Int) = (burn["id"], burn["number"])
            // Where it was a trial that burnt, or the version that burnt goes on, nobody but a person chose what is live.
            let burntLive =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT live FROM agent_acts WHERE agent = ? AND id < ? AND live IS NOT NULL
                        ORDER BY id DESC LIMIT 1
                        """, arguments: [agent, burnID]) == burnt
            guard burntLive, burnt != number else { return nil }
            let passed = try Int.fetchSet(
                db,
                sql: "SELECT live FROM agent_acts WHERE agent = ? AND id >= ? AND done_by = ? AND live IS NOT NULL",
                arguments: [agent, burnID, Self.errorBudget])
            let next = try Self.predecessors(of: burnt, agent: agent, in: db).first { !passed.contains($0) }
            let what =
                next.map { "version \($0) takes new calls" }
                ?? "version \(burnt) goes on though its error budget is spent, for nothing before it can be loaded"
            try Self.act(
                .rolledBack, agent, next ?? burnt, by: Self.errorBudget,
                detail: "version \(number) cannot be loaded (\(reason)); \(what)", now: now, in: db)
            let standing = try Self.stand(
                agent, live: next ?? burnt, trial: before.trial == next ? nil : before.trial,
                percent: before.trial == next ? 0 : before.percent, escalates: before.escalates, in: db)
            try IncidentRecord(
                happenedAt: now, kind: "errorBudget",
                detail: "\(agent) version \(number) cannot be loaded: \(reason); \(what)"
            ).store(in: db)
            return standing
        }
    }

    /// What could stand in for a version, see ``predecessors(of:agent:in:)``.
    package func predecessors(of number: Int, agent: String) async throws(StoreError) -> [Int] {
        try await read("look for the versions before", agent) { db in
            try Self.predecessors(of: number, agent: agent, in: db)
        }
    }

    /// The versions that were live before another one, the most recent first.
    ///
    /// None that has burnt or has the same content, and none that a person has taken off by giving its calls to an earlier
    /// one; what was only ever on trial was never live.
    static func predecessors(of number: Int, agent: String, in db: SQLSession) throws -> [Int] {
        let acts = try SQLRow.fetchAll(
            db, sql: "SELECT live, done_by FROM agent_acts WHERE agent = ? AND live IS NOT NULL ORDER BY id",
            arguments: [agent])
        var history: [Int] = []
        var takenOff: Set<Int> = []
        for act in acts {
            let (live, person): (Int, String) = (act["live"], act["done_by"])
            if person != errorBudget {
                if let before = history.last, live < before { takenOff.insert(before) }
                takenOff.remove(live)
            }
            history.removeAll { $0 == live }
            history.append(live)
        }
        let versions = Dictionary(
            try SQLRow.fetchAll(db, sql: "SELECT * FROM agent_versions WHERE agent = ?", arguments: [agent])
                .map(AgentVersionRecord.init(row:)).map { ($0.number, $0) }
        ) { $1 }
        let hash = versions[number]?.hash
        return history.reversed().filter { before in
            guard before != number, !takenOff.contains(before), let version = versions[before] else { return false }
            return version.burntAt == nil && version.hash != hash
        }
    }
}
