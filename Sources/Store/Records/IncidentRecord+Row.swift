import Foundation
import GRDB

extension IncidentRecord {
    private static let insert = UpsertStatement(
        adding: "incidents", key: ["id"], columns: ["id", "call_id", "happened_at", "position", "kind", "detail"])

    func store(in db: Database) throws {
        try Self.insert.execute(in: db, [id, callID, happenedAt.storedMilliseconds, position, kind, detail])
    }

    init(row: Row) {
        self.init(
            id: row["id"], callID: row["call_id"], happenedAt: Date(storedMilliseconds: row["happened_at"]),
            position: row["position"], kind: row["kind"], detail: row["detail"])
    }
}
