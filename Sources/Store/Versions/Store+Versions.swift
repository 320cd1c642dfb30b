import Foundation

extension Store {
    /// The versions of an agent, newest first.
    ///
    /// - Parameters:
    ///   - limit: versions at most; nil for all.
    ///   - cursor: the version before those wanted, by its number; nil for the newest.
    package func versions(
        of agent: String, limit: Int? = nil, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [AgentVersionRecord] {
        let cursor = cursor ?? .newest
        return try await read("list an agent's versions", agent) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM agent_versions WHERE agent = ? AND number < ? ORDER BY number DESC LIMIT ?",
                arguments: [agent, cursor.number, limit ?? Int.max]
            ).map(AgentVersionRecord.init(row:))
        }
    }

    /// - Throws: ``StoreError`` with `notFound` when there is none.
    package func version(_ number: Int, of agent: String) async throws(StoreError) -> AgentVersionRecord {
        try await read("look up a version", agent) { try Self.version(number, of: agent, in: $0) }
    }

    /// What a version is made of.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is none.
    package func content(ofVersion number: Int, of agent: String) async throws(StoreError) -> AgentVersionContent {
        try await read("read a version", agent) { db in
            let version = try Self.version(number, of: agent, in: db)
            let source = try Data.fetchOne(
                db, sql: "SELECT source FROM agent_versions WHERE agent = ? AND number = ?", arguments: [agent, number])
            let files = try SQLRow.fetchAll(
                db, sql: "SELECT path, content FROM agent_version_files WHERE agent = ? AND number = ?",
                arguments: [agent, number])
            return AgentVersionContent(
                hash: version.hash, file: version.file, source: source ?? Data(),
                resources: Dictionary(files.map { ($0["path"], $0["content"]) }) { $1 })
        }
    }

    /// Which versions take calls, of every agent that has a published one.
    package func agentStandings() async throws(StoreError) -> [AgentStanding] {
        try await read("read which versions are live", path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT * FROM agent_standings ORDER BY agent").map(AgentStanding.init(row:))
        }
    }

    /// Nil for an agent that takes its calls from its file.
    package func standing(of agent: String) async throws(StoreError) -> AgentStanding? {
        try await read("read which version is live", agent) { try Self.standing(of: agent, in: $0) }
    }

    /// The number of the newest act on any agent's versions; grows whenever a standing changes. Quick, to be asked often.
    package func newestAgentAct() async throws(StoreError) -> Int {
        try await read("look for changed versions", path) { db in
            try Int.fetchOne(db, sql: "SELECT max(id) FROM agent_acts") ?? 0
        }
    }

    /// What was done with an agent's versions, newest first.
    ///
    /// - Parameter limit: 1...1000.
    package func agentActs(of agent: String, limit: Int = 100) async throws(StoreError) -> [AgentAct] {
        try await read("list what was done with an agent's versions", agent) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM agent_acts WHERE agent = ? ORDER BY id DESC LIMIT ?",
                arguments: [agent, min(max(limit, 1), 1000)]
            ).map(AgentAct.init(row:))
        }
    }

    /// One of these acts; nil when there is none of that number.
    package func agentAct(id: Int) async throws(StoreError) -> AgentAct? {
        try await read("look up an act on an agent's versions", "\(id)") { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM agent_acts WHERE id = ?", arguments: [id]).map(
                AgentAct.init(row:))
        }
    }

    /// The files of agents whose calls a published version takes. Blocks: for the start.
    package func publishedFiles() throws(StoreError) -> Set<String> {
        do {
            return try engine.readNow { db in
                try String.fetchSet(
                    db,
                    sql: """
                        SELECT file FROM agent_versions JOIN agent_standings
                        ON agent_standings.agent = agent_versions.agent AND live = number
                        """)
            }
        } catch {
            throw StoreError(error, operation: "read which versions are live", subject: path)
        }
    }

    static func version(_ number: Int, of agent: String, in db: SQLSession) throws -> AgentVersionRecord {
        let row = try SQLRow.fetchOne(
            db, sql: "SELECT * FROM agent_versions WHERE agent = ? AND number = ?", arguments: [agent, number])
        guard let row else {
            throw StoreError(
                .notFound, operation: "find a version", subject: agent, detail: "it has no version \(number)")
        }
        return AgentVersionRecord(row: row)
    }

    static func standing(of agent: String, in db: SQLSession) throws -> AgentStanding? {
        try SQLRow.fetchOne(db, sql: "SELECT * FROM agent_standings WHERE agent = ?", arguments: [agent])
            .map(AgentStanding.init(row:))
    }
}
