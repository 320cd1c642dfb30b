package import Foundation

/// What changes which versions take calls. Each is one transaction with the row that tells of it.
extension Store {
    /// Notes longer than this are refused by those who ask for them, characters.
    package static let longestVersionNote = 500

    /// Keeps a version, and gives it the agent's new calls: all, or a share of them as a trial.
    ///
    /// The content of the live version is not kept a second time; publishing it again gives it a fresh error budget and ends
    /// a trial.
    ///
    /// - Parameters:
    ///   - percent: 1...100; below 100 the version that is live so far goes on beside it, and there must be one.
    ///   - seen: the newest act with the agent's versions that whoever publishes knows of, 0 for none; nil publishes whatever
    ///     was done.
    /// - Throws: ``StoreError`` with `notFound` where a trial has nothing to stand beside, with `exists` where something was
    ///   done since `seen`.
    package func publish(
        _ content: AgentVersionContent, of agent: String, by person: String, note: String? = nil, percent: Int = 100,
        after seen: Int? = nil, now: Date = Date()
    ) async throws(StoreError) -> AgentVersionRecord {
        try await write("publish a version", agent, durably: true) { db in
            let newest = try Int.fetchOne(
                db, sql: "SELECT max(id) FROM agent_acts WHERE agent = ?", arguments: [agent])
            if let seen, seen != newest ?? 0 {
                throw StoreError(
                    .exists, operation: "publish a version", subject: agent,
                    detail: "somebody did something with its versions meanwhile; look at them again")
            }
            let before = try Self.standing(of: agent, in: db)
            guard percent == 100 || before != nil else {
                throw StoreError(
                    .notFound, operation: "publish a version on trial", subject: agent,
                    detail: "no version of it is published yet; publish one for all calls first")
            }
            let live = try before.map { try Self.version($0.live, of: agent, in: db) }
            guard percent == 100 || live?.hash != content.hash else {
                throw StoreError(
                    .exists, operation: "publish a version on trial", subject: agent,
                    detail: "it is what the live version \(live?.number ?? 0) is")
            }
            let number: Int
            if percent == 100, let live, live.hash == content.hash {
                number = live.number
            } else {
                number = try Self.add(content, of: agent, by: person, note: note, now: now, in: db)
            }
            try Self.act(.published, agent, number, by: person, detail: note, now: now, in: db)
            if percent == 100 {
                try Self.stand(agent, live: number, in: db)
            } else {
                try Self.stand(
                    agent, live: before?.live ?? number, trial: number, percent: percent,
                    escalates: before?.escalates ?? false, in: db)
            }
            try Self.freshBudget(number, of: agent, now: now, in: db)
            return try Self.version(number, of: agent, in: db)
        }
    }

    /// Gives an agent's new calls to an earlier version.
    ///
    /// - Parameter number: nil ends a trial, or without one takes the version that was live before, see
    ///   ``predecessors(of:agent:in:)``. A version that is named gets a fresh budget, also the live one.
    /// - Throws: ``StoreError`` with `notFound` when there is no such version.
    package func rollBack(
        _ agent: String, to number: Int? = nil, by person: String, note: String? = nil, now: Date = Date()
    ) async throws(StoreError) -> AgentStanding {
        try await write("roll an agent back", agent, durably: true) { db in
            guard let before = try Self.standing(of: agent, in: db) else {
                throw StoreError(
                    .notFound, operation: "roll an agent back", subject: agent, detail: "no version of it is published")
            }
            let target: Int
            if let number {
                target = try Self.version(number, of: agent, in: db).number
                try Self.freshBudget(target, of: agent, now: now, in: db)
            } else if before.trial != nil {
                target = before.live
            } else if let earlier = try Self.predecessors(of: before.live, agent: agent, in: db).first {
                target = earlier
            } else {
                throw StoreError(
                    .notFound, operation: "roll an agent back", subject: agent,
                    detail: """
                        there is no version before \(before.live) that was live, differs from it, has not spent its error \
                        budget and was not taken off by a person; name the one to go back to
                        """)
            }
            try Self.act(.rolledBack, agent, target, by: person, detail: note, now: now, in: db)
            // A person who names a version means it; one that only ends a trial leaves the rest as it is.
            let escalates = number == nil && target == before.live && before.escalates
            return try Self.stand(agent, live: target, escalates: escalates, in: db)
        }
    }

    /// Sets the share of an agent's new calls that a version gets.
    ///
    /// - Parameter percent: 0 ends the trial, 1...99 makes or changes it, 100 makes the version the live one.
    /// - Throws: ``StoreError`` with `notFound` when there is no such version, with `exists` when it is the live one.
    package func split(
        _ agent: String, to number: Int, percent: Int, by person: String, now: Date = Date()
    ) async throws(StoreError) -> AgentStanding {
        try await write("split an agent's calls", agent, durably: true) { db in
            guard let before = try Self.standing(of: agent, in: db) else {
                throw StoreError(
                    .notFound, operation: "split an agent's calls", subject: agent,
                    detail: "no version of it is published")
            }
            let version = try Self.version(number, of: agent, in: db)
            let live = try Self.version(before.live, of: agent, in: db)
            guard version.hash != live.hash else {
                throw StoreError(
                    .exists, operation: "split an agent's calls", subject: agent,
                    detail: "version \(number) is what the live version \(live.number) is")
            }
            guard percent > 0 || before.trial == number else {
                throw StoreError(
                    .notFound, operation: "end a trial", subject: agent, detail: "version \(number) is on no trial")
            }
            try Self.act(.split, agent, number, by: person, detail: "\(percent) %", now: now, in: db)
            switch percent {
            case ..<1: return try Self.stand(agent, live: before.live, escalates: before.escalates, in: db)
            case 100...:
                if before.trial != number { try Self.freshBudget(number, of: agent, now: now, in: db) }
                return try Self.stand(agent, live: number, in: db)
            default:
                if before.trial != number { try Self.freshBudget(number, of: agent, now: now, in: db) }
                return try Self.stand(
                    agent, live: before.live, trial: number, percent: percent, escalates: before.escalates, in: db)
            }
        }
    }

    /// Gives an agent's new calls back to its file. Its versions stay.
    ///
    /// - Throws: ``StoreError`` with `notFound` when no version is published.
    package func unpublish(_ agent: String, by person: String, now: Date = Date()) async throws(StoreError) {
        try await write("take an agent's versions off", agent, durably: true) { db in
            try db.execute(sql: "DELETE FROM agent_standings WHERE agent = ?", arguments: [agent])
            guard db.changesCount == 1 else {
                throw StoreError(
                    .notFound, operation: "take an agent's versions off", subject: agent,
                    detail: "no version of it is published")
            }
            try Self.act(.unpublished, agent, nil, by: person, detail: nil, now: now, in: db)
        }
    }

    private static func add(
        _ content: AgentVersionContent, of agent: String, by person: String, note: String?, now: Date, in db: SQLSession
    ) throws -> Int {
        let newest = try Int.fetchOne(
            db, sql: "SELECT max(number) FROM agent_versions WHERE agent = ?", arguments: [agent])
        let number = (newest ?? 0) + 1
        try db.execute(
            sql: """
                INSERT INTO agent_versions (agent, number, hash, file, source, published_at, published_by, note,
                    budget_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6)
                """,
            arguments: [
                agent, number, content.hash, content.file, content.source, now.storedMilliseconds, person, note,
            ])
        for (path, bytes) in content.resources {
            try db.execute(
                sql: "INSERT INTO agent_version_files (agent, number, path, content) VALUES (?, ?, ?, ?)",
                arguments: [agent, number, path, bytes])
        }
        return number
    }

    static func freshBudget(_ number: Int, of agent: String, now: Date, in db: SQLSession) throws {
        try db.execute(
            sql: """
                UPDATE agent_versions SET budget_since = ?, burnt_at = NULL, burnt_because = NULL
                WHERE agent = ? AND number = ?
                """, arguments: [now.storedMilliseconds, agent, number])
    }

    /// - Returns: the number of the act.
    @discardableResult
    static func act(
        _ kind: AgentAct.Kind, _ agent: String, _ number: Int?, by person: String, detail: String?, now: Date,
        in db: SQLSession
    ) throws -> Int {
        let id = try Int.fetchOne(
            db,
            sql: """
                INSERT INTO agent_acts (agent, kind, number, happened_at, done_by, detail) VALUES (?, ?, ?, ?, ?, ?)
                RETURNING id
                """,
            arguments: [agent, kind.rawValue, number, now.storedMilliseconds, person, detail])
        guard let id else { preconditionFailure("an act was just written") }
        try db.signal(.versions)
        return id
    }

    /// After the act that it follows from.
    @discardableResult
    static func stand(
        _ agent: String, live: Int, trial: Int? = nil, percent: Int = 0, escalates: Bool = false, in db: SQLSession
    ) throws -> AgentStanding {
        try db.execute(
            sql: """
                INSERT INTO agent_standings (agent, live, trial, percent, escalates, act)
                VALUES (?, ?, ?, ?, ?, (SELECT max(id) FROM agent_acts))
                ON CONFLICT (agent) DO UPDATE SET live = excluded.live, trial = excluded.trial,
                    percent = excluded.percent, escalates = excluded.escalates, act = excluded.act
                """, arguments: [agent, live, trial, percent, escalates])
        try db.execute(
            sql: "UPDATE agent_acts SET live = ? WHERE id = (SELECT max(id) FROM agent_acts)", arguments: [live])
        guard let standing = try standing(of: agent, in: db) else {
            preconditionFailure("a standing was just written")
        }
        return standing
    }
}
