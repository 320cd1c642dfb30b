import Foundation

extension CallRecord {
    private static let upsert = UpsertStatement(
        replacing: "calls", key: ["id"],
        columns: [
            "id", "carrier", "carrier_call_id", "direction", "caller", "callee", "agent", "agent_version",
            "started_at", "ended_at", "outcome", "end_reason", "duration", "recording_path",
            "caller_turns", "agent_turns", "not_understood", "interruptions", "tool_calls", "answerer", "faults",
            "cost", "node", "recording_consent", "revision",
        ])

    func store(revision: Int, in db: SQLSession) throws {
        let faults = try self.faults.map(StoredJSON.text)
        try Self.upsert.execute(
            in: db,
            [
                id, carrier, carrierCallID, direction.rawValue, from, to, agent, agentVersion,
                startedAt.storedMilliseconds, endedAt?.storedMilliseconds, outcome, endReason, duration, recordingPath,
                counts.callerTurns, counts.agentTurns, counts.notUnderstood, counts.interruptions, counts.toolCalls,
                answerer, faults, try cost.map(StoredJSON.text), node,
                try recordingConsent.map(StoredJSON.text), revision,
            ])
    }

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], carrier: row["carrier"], carrierCallID: row["carrier_call_id"],
            direction: try row.word("direction"), from: row["caller"], to: row["callee"],
            agent: row["agent"], agentVersion: row["agent_version"],
            startedAt: Date(storedMilliseconds: row["started_at"]),
            endedAt: (row["ended_at"] as Int?).map(Date.init(storedMilliseconds:)),
            outcome: row["outcome"], endReason: row["end_reason"],
            duration: row["duration"], recordingPath: row["recording_path"], answerer: row["answerer"],
            counts: CallCounts(
                callerTurns: row["caller_turns"], agentTurns: row["agent_turns"], notUnderstood: row["not_understood"],
                interruptions: row["interruptions"], toolCalls: row["tool_calls"]),
            faults: try (row["faults"] as String?).map { try StoredJSON.value($0) },
            cost: try (row["cost"] as String?).map { try StoredJSON.value($0) }, node: row["node"],
            recordingConsent: try (row["recording_consent"] as String?).map { try StoredJSON.value($0) })
    }
}
