import Foundation

extension CallRecord {
    private static let upsert = UpsertStatement(
        replacing: "calls", key: ["id"],
        columns: [
            "id", "carrier", "carrier_call_id", "direction", "caller", "callee", "agent", "agent_version",
            "started_at", "ended_at", "outcome", "end_reason", "duration", "recording_path",
            "caller_turns", "agent_turns", "not_understood", "interruptions", "tool_calls", "answerer", "faults",
            "cost", "node", "recording_consent", "language", "resolution", "asked", "answered", "barge_ins", "yielded",
            "yield_latencies", "backchannels", "tolerated", "agent_starts", "over_caller", "resumes", "revision",
        ],
        // What a judge of the call was paid is added after its end; see ``Store/note(_:for:now:)``.
        grown: ["cost"])

    func store(revision: Int, in db: SQLSession) throws {
        let faults = try self.faults.map(StoredJSON.text)
        try Self.upsert.execute(
            in: db,
            [
                id, carrier, carrierCallID, direction.rawValue, from, to, agent, agentVersion,
                startedAt.storedMilliseconds, endedAt?.storedMilliseconds, outcome, endReason, duration, recordingPath,
                counts.callerTurns, counts.agentTurns, counts.notUnderstood, counts.interruptions, counts.toolCalls,
                answerer, faults, try cost.map(StoredJSON.text), node,
                try recordingConsent.map(StoredJSON.text), language, resolution?.rawValue,
                interaction?.asked, interaction?.answered, interaction?.bargeIns, interaction?.yields.count,
                try interaction.flatMap { $0.yields.isEmpty ? nil : try StoredJSON.text($0.yields) },
                interaction?.backchannels, interaction?.tolerated, interaction?.agentStarts, interaction?.overCaller,
                resumes, revision,
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
            recordingConsent: try (row["recording_consent"] as String?).map { try StoredJSON.value($0) },
            language: row["language"],
            // A word that a later program gave is no reason to show no call.
            resolution: (row["resolution"] as String?).flatMap(CallResolution.init),
            interaction: try InteractionCounts(row: row), resumes: row["resumes"],
            resumedAs: row["resumed_as"])
    }
}

extension InteractionCounts {
    fileprivate init?(row: SQLRow) throws {
        guard let asked = row["asked"] as Int? else { return nil }
        self.init(
            asked: asked, answered: row["answered"], bargeIns: row["barge_ins"],
            yields: try (row["yield_latencies"] as String?).map { try StoredJSON.value($0) } ?? [],
            backchannels: row["backchannels"], tolerated: row["tolerated"], agentStarts: row["agent_starts"],
            overCaller: row["over_caller"])
    }
}
