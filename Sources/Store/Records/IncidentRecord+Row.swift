import Foundation

extension IncidentRecord {
    private static let insert = UpsertStatement(
        adding: "incidents", key: ["id"], columns: ["id", "call_id", "happened_at", "position", "kind", "detail"])

    func store(in db: SQLSession) throws {
        try Self.insert.execute(in: db, [id, callID, happenedAt.storedMilliseconds, position, kind, detail])
    }

    init(row: SQLRow) {
        self.init(
            id: row["id"], callID: row["call_id"], happenedAt: Date(storedMilliseconds: row["happened_at"]),
            position: row["position"], kind: row["kind"], detail: row["detail"])
    }
}
