extension JournalRecord {
    private static let insert = UpsertStatement(
        adding: "journal", key: ["call_id", "sequence"],
        columns: ["call_id", "sequence", "position", "kind", "payload", "decisions"])

    func store(in db: SQLSession) throws {
        try Self.insert.execute(in: db, [callID, sequence, position, kind, payload, decisions])
    }

    init(row: SQLRow) {
        self.init(
            callID: row["call_id"], sequence: row["sequence"], position: row["position"], kind: row["kind"],
            payload: row["payload"], decisions: row["decisions"])
    }
}
