package import Foundation

/// What is known of a person, by their telephone number: showing it, and erasing it.
extension Store {
    /// Everything there is of a number. The audit log tells that it was asked for, before it is handed out.
    package func export(
        person number: PersonNumber, audit: AuditDraft, recordings folder: String?, at now: Date
    ) async throws(StoreError) -> PersonBundle {
        try await append(audit)
        return try await read("look up a person", path) { db in
            let scope = try PersonScope(number, in: db)
            var bundle = PersonBundle(
                number: number.e164, exportedAt: now, tables: [:],
                recordings: try scope.calls.flatMap { try Self.files(ofCall: $0, in: folder, db) }.sorted(),
                mentions: try Self.mentions(scope, in: db))
            for rows in PersonRows.all {
                let (condition, values) = try rows.condition(scope, db.dialect)
                let found = try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM \(rows.table) WHERE \(condition) ORDER BY \(rows.order)",
                    arguments: values)
                guard !found.isEmpty else { continue }
                let shown = rows.table == "journal" ? Self.journalEntries(found) : found
                bundle.tables[rows.table, default: []] += shown.map { row in
                    Dictionary(
                        zip(row.columns, row.values.map(PersonBundle.Value.init)),
                        uniquingKeysWith: { first, _ in first })
                }
            }
            return bundle
        }
    }

    /// Erases what there is of a number: deletes rows and recordings, and empties what has to stay for others.
    ///
    /// Files go first, as in ``deleteCalls(before:except:recordings:)``. The rows go in one transaction with a row of the audit
    /// log, which has the receipt in place of the number. What comes in later of the erased calls is not stored.
    /// - Parameter audit: gets what was done as its subject and detail.
    /// - Throws: ``StoreError`` with `locked` while a call with the number is on the line or being placed.
    package func erase(
        person number: PersonNumber, audit: AuditDraft, recordings folder: String?, at now: Date
    ) async throws(StoreError) -> PersonErasure {
        let receipt = UUID().uuidString.lowercased()
        let calls = try await read("look up a person", path) { db in
            let scope = try PersonScope(number, in: db)
            try Self.refuseLive(scope, in: db)
            return scope.calls
        }
        var files = 0
        for id in calls { files += try await deleteFiles(ofCall: id, in: folder) }
        let deleted = files
        let erasure = try await write("erase a person", receipt, durably: true) { db in
            let scope = try PersonScope(number, in: db)
            // One may have begun meanwhile.
            try Self.refuseLive(scope, in: db)
            var erasure = PersonErasure(
                receipt: receipt, rows: [:], files: deleted, kept: [], mentions: try Self.mentions(scope, in: db))
            try Self.erase(scope, &erasure, in: db)
            for id in scope.calls {
                try db.execute(
                    sql: """
                        INSERT INTO erased_calls (call_id, erased_at) VALUES (?, ?) ON CONFLICT (call_id) DO NOTHING
                        """,
                    arguments: [id, now.storedMilliseconds])
            }
            var audit = audit
            audit.subject = receipt
            audit.detail["files"] = "\(deleted)"
            for (table, count) in erasure.rows { audit.detail[table] = "\(count)" }
            try Self.append(audit, in: db)
            return erasure
        }
        try await forgetDeletedWords(begins: true)
        return erasure
    }

    /// What rows of journals hold, an entry a row: packed it would say nothing to anybody. A row that is damaged is
    /// shown as it is, for all the rest is the person's to have, too.
    ///
    /// - Parameter rows: in the order of their calls and entries.
    private static func journalEntries(_ rows: [SQLRow]) -> [SQLRow] {
        let inflater = Inflater()
        var last: (call: String, sequence: Int)?
        return rows.flatMap { row -> [SQLRow] in
            guard let entries = try? JournalRow.entries(of: row, with: inflater) else { return [row] }
            // After a failure two rows may hold the same entry.
            let new = entries.filter { $0.callID != last?.call || $0.sequence > last?.sequence ?? .min }
            if let newest = new.last { last = (newest.callID, newest.sequence) }
            return new.map { entry in
                SQLRow(
                    columns: ["call_id", "sequence", "position", "kind", "payload", "decisions"],
                    values: [
                        entry.callID.sqlValue, entry.sequence.sqlValue, entry.position.sqlValue, entry.kind.sqlValue,
                        entry.payload.sqlValue, entry.decisions.sqlValue,
                    ])
            }
        }
    }

    /// Which of some calls are of people who were erased.
    static func erasedCalls(among calls: Set<String>, in db: SQLSession) throws -> Set<String> {
        guard !calls.isEmpty else { return [] }
        return try String.fetchSet(
            db,
            sql: """
                SELECT call_id FROM erased_calls
                WHERE call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                """, arguments: [try StoredJSON.text(calls.sorted())])
    }

    /// Deletes and empties what is a person's, and counts it.
    static func erase(_ scope: PersonScope, _ erasure: inout PersonErasure, in db: SQLSession) throws {
        // Counted first: what cascades is not counted by the engine.
        for rows in PersonRows.all {
            let (condition, values) = try rows.condition(scope, db.dialect)
            let count =
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(rows.table) WHERE \(condition)", arguments: values)
                ?? 0
            guard count > 0 else { continue }
            if case .kept(let reason) = rows.end {
                erasure.kept.append(PersonErasure.Kept(table: rows.table, rows: count, reason: reason))
            } else {
                erasure.rows[rows.table, default: 0] += count
            }
        }
        for rows in PersonRows.all {
            let (condition, values) = try rows.condition(scope, db.dialect)
            switch rows.end {
            case .deleted:
                try db.execute(sql: "DELETE FROM \(rows.table) WHERE \(condition)", arguments: values)
            case .emptied(let columns):
                let empty = columns.map { "\($0) = ''" }.joined(separator: ", ")
                try db.execute(sql: "UPDATE \(rows.table) SET \(empty) WHERE \(condition)", arguments: values)
            case .cascades, .kept: break
            }
        }
    }

    /// What is written while a call goes on would be there again.
    private static func refuseLive(_ scope: PersonScope, in db: SQLSession) throws {
        let calls = try StoredJSON.text(scope.calls)
        let live = try String.fetchOne(
            db,
            sql: """
                SELECT id FROM calls WHERE ended_at IS NULL
                AND node IN (SELECT nodes.id FROM nodes WHERE state IN ('open', 'draining'))
                AND id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                """, arguments: [calls])
        let placing = try String.fetchOne(
            db,
            sql: """
                SELECT id FROM attempts WHERE state <> 'ended'
                AND id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                """, arguments: [try StoredJSON.text(scope.attempts)])
        guard let id = live ?? placing else { return }
        throw StoreError(
            .locked, operation: "erase a person", subject: id,
            detail: "this call with the number is on the line or being placed; let it end first")
    }

    /// Calls of others whose turns or tools hold the number.
    private static func mentions(_ scope: PersonScope, in db: SQLSession) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT id FROM calls WHERE id NOT IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?1", as: "kept")))
                AND EXISTS (
                    SELECT 1 FROM \(db.dialect.elements(ofJSON: "?2", as: "own")) WHERE
                    EXISTS (SELECT 1 FROM turns WHERE call_id = calls.id
                        AND (text LIKE '%' || own.value || '%' OR heard LIKE '%' || own.value || '%'))
                    OR EXISTS (SELECT 1 FROM tools WHERE call_id = calls.id
                        AND (arguments LIKE '%' || own.value || '%' OR outcome LIKE '%' || own.value || '%')))
                ORDER BY started_at, id LIMIT 1000
                """,
            arguments: [try StoredJSON.text(scope.calls), try StoredJSON.text(scope.number.unmistakable)])
    }
}
