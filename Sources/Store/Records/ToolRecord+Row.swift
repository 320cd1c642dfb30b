extension ToolRecord {
    private static let upsert = UpsertStatement(
        replacing: "tools", key: ["call_id", "invocation_id"],
        columns: [
            "call_id", "turn", "invocation_id", "name", "arguments", "outcome", "succeeded", "started", "finished",
            "revision",
        ])

    func store(revision: Int, in db: SQLSession) throws {
        try Self.upsert.execute(
            in: db,
            [callID, turn, invocationID, name, arguments, outcome, succeeded, started, finished, revision])
    }

    init(row: SQLRow) {
        self.init(
            callID: row["call_id"], turn: row["turn"], invocationID: row["invocation_id"], name: row["name"],
            arguments: row["arguments"], outcome: row["outcome"], succeeded: row["succeeded"],
            started: row["started"], finished: row["finished"])
    }
}
