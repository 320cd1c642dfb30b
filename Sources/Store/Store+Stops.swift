import Foundation

/// Agents that take no calls because a person stopped them.
extension Store {
    /// All of them, that of every agent first.
    package func agentStops() async throws(StoreError) -> [AgentStop] {
        try await read("read which agents are stopped", path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT * FROM agent_stops ORDER BY agent").map(AgentStop.init(row:))
        }
    }

    /// Stops an agent, or all; what was said of it before is replaced.
    package func stop(_ stop: AgentStop) async throws(StoreError) {
        try await write("stop an agent", stop.agent ?? "all", durably: true) { db in
            try db.execute(
                sql: """
                    INSERT INTO agent_stops (agent, ends_calls, escalates, stopped_at, stopped_by, reason)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (agent) DO UPDATE SET ends_calls = excluded.ends_calls,
                        escalates = excluded.escalates, stopped_at = excluded.stopped_at,
                        stopped_by = excluded.stopped_by, reason = excluded.reason
                    """,
                arguments: [
                    stop.agent ?? "", stop.endsCalls, stop.escalates, stop.stoppedAt.storedMilliseconds,
                    stop.stoppedBy, stop.reason,
                ])
        }
    }

    /// Lets an agent, or all of them, take calls again.
    ///
    /// - Throws: ``StoreError`` with `notFound` where it was not stopped.
    package func resume(agent: String?) async throws(StoreError) {
        try await write("let an agent go on", agent ?? "all", durably: true) { db in
            try db.execute(sql: "DELETE FROM agent_stops WHERE agent = ?", arguments: [agent ?? ""])
            guard db.changesCount > 0 else {
                throw StoreError(
                    .notFound, operation: "let an agent go on", subject: agent ?? "all", detail: "it is not stopped")
            }
        }
    }
}
