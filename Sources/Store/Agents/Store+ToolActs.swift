package import Foundation

extension Store {
    /// What is known of an act of a tool.
    package enum ToolActRecord: Sendable, Equatable {
        case fresh
        /// JSON text of its result.
        case done(String)
        /// Begun by somebody who never said what came of it.
        case unclear
    }

    /// Notes that an act is about to be done, unless it was begun before.
    package func beginAct(key: String, tool: String, now: Date = Date()) async throws(StoreError) -> ToolActRecord {
        try await write("begin an act", tool, durably: true) { db in
            let row = try SQLRow.fetchOne(
                db, sql: "SELECT result FROM tool_acts WHERE idempotency_key = ?", arguments: [key])
            if let row { return (row["result"] as String?).map(ToolActRecord.done) ?? .unclear }
            try db.execute(
                sql: "INSERT INTO tool_acts (idempotency_key, tool, begun_at) VALUES (?, ?, ?)",
                arguments: [key, tool, now.storedMilliseconds])
            return .fresh
        }
    }

    /// Notes the result of an act that was begun.
    package func finishAct(key: String, result: String) async throws(StoreError) {
        try await write("finish an act", key, durably: true) { db in
            try db.execute(
                sql: "UPDATE tool_acts SET result = ? WHERE idempotency_key = ?", arguments: [result, key])
        }
    }

    /// Notes that an act that was begun certainly was not done.
    package func abandonAct(key: String) async throws(StoreError) {
        try await write("abandon an act", key) { db in
            try db.execute(
                sql: "DELETE FROM tool_acts WHERE idempotency_key = ? AND result IS NULL", arguments: [key])
        }
    }
}
