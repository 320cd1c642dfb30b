import Foundation

extension TurnRecord {
    private static let upsert = UpsertStatement(
        replacing: "turns", key: ["call_id", "number", "speaker", "part"],
        columns: [
            "call_id", "number", "speaker", "part", "started", "ended", "text", "heard", "confidence", "intent",
            "entities",
            "interrupted", "end_of_turn_wait", "recognition", "understanding", "synthesis", "own", "total", "revision",
        ])

    func store(revision: Int, in db: SQLSession) throws {
        // Of an agent's turns, half of all, there are none.
        let entities = try self.entities.isEmpty ? "{}" : StoredJSON.text(self.entities)
        try Self.upsert.execute(
            in: db,
            [
                callID, number, speaker.rawValue, part, started, ended, text, heard, confidence, intent, entities,
                interrupted, latency?.endOfTurnWait, latency?.recognition, latency?.understanding, latency?.synthesis,
                latency?.own, latency?.total, revision,
            ])
    }

    init(row: SQLRow) throws {
        self.init(
            callID: row["call_id"], number: row["number"], speaker: try row.word("speaker"), part: row["part"],
            started: row["started"], ended: row["ended"], text: row["text"], heard: row["heard"],
            confidence: row["confidence"], intent: row["intent"],
            entities: try StoredJSON.value(row["entities"]), interrupted: row["interrupted"],
            latency: TurnLatency(row: row))
    }
}

extension TurnLatency {
    fileprivate init?(row: SQLRow) {
        guard let total = row["total"] as Int? else { return nil }
        self.init(
            endOfTurnWait: row["end_of_turn_wait"], recognition: row["recognition"],
            understanding: row["understanding"], synthesis: row["synthesis"], own: row["own"], total: total)
    }
}
