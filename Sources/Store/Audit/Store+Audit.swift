package import Foundation

/// The audit log: only ever added to.
extension Store {
    /// Rows that a walk along the chain has in memory at a time.
    private static let rowsAtOnce = 1000

    /// Adds a row at the end of the chain.
    @discardableResult
    package func append(_ draft: AuditDraft) async throws(StoreError) -> AuditRecord {
        try await write("write the audit log", draft.act, durably: true) { try Self.append(draft, in: $0) }
    }

    /// Adds a row within a transaction that does what the row tells of: both or neither.
    @discardableResult
    static func append(_ draft: AuditDraft, in db: SQLSession) throws -> AuditRecord {
        // Two nodes that add at a time meet here; one of them begins anew.
        try db.execute(sql: "UPDATE audit_chain SET head_number = head_number")
        let chain = try chain(in: db)
        let record = try AuditRecord(draft, number: chain.head.number + 1, after: chain.head.hash)
        let row = try AuditRow(record)
        try db.execute(
            sql: """
                INSERT INTO audit_log (number, happened_at, actor, actor_name, act, subject, outcome, detail, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.number, row.happenedAt, row.actor, row.actorName, row.act, row.subject, row.outcome, row.detail,
                row.previous, row.hash,
            ])
        try db.execute(
            sql: "UPDATE audit_chain SET head_number = ?, head = ?", arguments: [row.number, row.hash])
        return record
    }

    /// The newest rows first.
    ///
    /// - Parameters:
    ///   - before: goes on after the row of this number.
    ///   - limit: 1...1000.
    package func audit(
        actor: String? = nil, act: String? = nil, before: Int? = nil, limit: Int = 100
    ) async throws(StoreError) -> [AuditRecord] {
        try await read("read the audit log", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM audit_log
                    WHERE number < ?1 AND (?2 = '' OR actor = ?2) AND (?3 = '' OR act = ?3)
                    ORDER BY number DESC LIMIT ?4
                    """,
                arguments: [before ?? .max, actor ?? "", act ?? "", min(max(limit, 1), 1000)]
            ).map { try AuditRecord(AuditRow(row: $0)) }
        }
    }

    /// Walks along the whole chain. Reads all of it, so it takes its time.
    ///
    /// - Parameter expected: what was the head at some time; tells a chain that was made anew.
    package func verifyAudit(expecting expected: AuditVerdict.Head? = nil) async throws(StoreError) -> AuditVerdict {
        try await read("verify the audit log", path) { db in
            let chain = try Self.chain(in: db)
            var walk = AuditWalk(anchor: chain.anchor, head: chain.head, expected: expected)
            var last = Int.min
            while walk.verdict.fault == nil {
                let rows = try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM audit_log WHERE number > ? ORDER BY number LIMIT ?",
                    arguments: [last, Self.rowsAtOnce])
                guard rows.allSatisfy({ walk.take(AuditRow(row: $0)) }), let end = rows.last else { break }
                last = end["number"]
            }
            walk.finish()
            return walk.verdict
        }
    }

    /// Deletes rows that are older than `moment`. A row of the log says which, so that the rest is still a chain.
    ///
    /// - Returns: how many there were.
    package func pruneAudit(before moment: Date, at now: Date) async throws(StoreError) -> Int {
        try await write("delete old rows of the audit log", path, durably: true) { db in
            let chain = try Self.chain(in: db)
            // Clocks of several nodes differ; what follows a row that is kept is kept.
            let kept = try Int.fetchOne(
                db, sql: "SELECT min(number) FROM audit_log WHERE happened_at >= ?",
                arguments: [moment.storedMilliseconds])
            let through = (kept ?? chain.head.number + 1) - 1
            guard through > chain.anchor.number else { return 0 }
            let hash =
                try String.fetchOne(db, sql: "SELECT hash FROM audit_log WHERE number = ?", arguments: [through]) ?? ""
            try Self.append(
                AuditDraft(
                    actor: "service", act: AuditChain.pruning, detail: ["through": "\(through)", "hash": hash], at: now),
                in: db)
            try db.execute(
                sql: "UPDATE audit_chain SET anchor_number = ?, anchor = ?", arguments: [through, hash])
            try db.execute(sql: "DELETE FROM audit_log WHERE number <= ?", arguments: [through])
            return db.changesCount
        }
    }

    private static func chain(
        in db: SQLSession
    ) throws -> (anchor: (number: Int, hash: String), head: (number: Int, hash: String)) {
        guard let row = try SQLRow.fetchOne(db, sql: "SELECT * FROM audit_chain") else {
            throw StoreError(
                .damaged, operation: "read the audit log", subject: "audit_chain",
                detail: "the row that says where the chain begins and ends was deleted")
        }
        return ((row["anchor_number"], row["anchor"]), (row["head_number"], row["head"]))
    }
}
