extension RecordingRecord {
    private static let upsert = UpsertStatement(
        replacing: "recordings", key: ["call_id", "path"],
        columns: [
            "call_id", "path", "format", "sample_rate", "caller_samples", "agent_samples", "sha256", "redactions",
            "revision",
        ])

    func store(revision: Int, in db: SQLSession) throws {
        try Self.upsert.execute(
            in: db,
            [
                callID, path, format, sampleRate, callerSamples, agentSamples, sha256,
                try redactions.map(StoredJSON.text), revision,
            ])
    }

    init(row: SQLRow) throws {
        self.init(
            callID: row["call_id"], path: row["path"], format: row["format"], sampleRate: row["sample_rate"],
            callerSamples: row["caller_samples"], agentSamples: row["agent_samples"], sha256: row["sha256"],
            redactions: try (row["redactions"] as String?).map { try StoredJSON.value($0) })
    }
}
