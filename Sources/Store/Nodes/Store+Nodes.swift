package import Foundation

/// The nodes of a database, and what becomes of what a dead one leaves.
extension Store {
    /// Why a call ended whose node is no more.
    package static let lostReason = "node.lost"
    /// Why a call ended with which another one goes on: its node is no more, and its caller is on the line of another one.
    package static let handedOverReason = "node.handed_over"

    /// Says that a node lives, and how it is.
    ///
    /// - Returns: what it was before; nil where it was not known.
    @discardableResult
    package func beat(_ node: NodeRecord) async throws(StoreError) -> NodeRecord.State? {
        try await write("say that this node lives", node.id) { db in
            let before = try String.fetchOne(db, sql: "SELECT state FROM nodes WHERE id = ?", arguments: [node.id])
            try db.execute(
                sql: """
                    INSERT INTO nodes (id, name, version, state, started_at, seen_at, ended_at, beats, calls, capacity, spills,
                        beat, address)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9, ?10, ?11, ?12)
                    ON CONFLICT (id) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at,
                        ended_at = excluded.ended_at, beats = nodes.beats + 1, calls = excluded.calls,
                        capacity = excluded.capacity, spills = excluded.spills,
                        beat = excluded.beat, address = excluded.address
                    """,
                arguments: [
                    node.id, node.name, node.version, node.state.rawValue, node.startedAt.storedMilliseconds,
                    node.seenAt.storedMilliseconds, node.endedAt?.storedMilliseconds, node.calls, node.capacity,
                    node.hasSpilled, node.beat, node.address,
                ])
            return before.flatMap(NodeRecord.State.init(rawValue:))
        }
    }

    /// The nodes there are and were, the newest first.
    ///
    /// - Parameter limit: 1...1000.
    package func nodes(
        limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [NodeRecord] {
        let cursor = cursor ?? .newest
        return try await read("list the nodes", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM nodes WHERE started_at < ?1 OR (started_at = ?1 AND id > ?2)
                    ORDER BY started_at DESC, id LIMIT ?3
                    """,
                arguments: [cursor.number, cursor.id, ListCursor.most(limit)]
            ).map(NodeRecord.init(row:))
        }
    }

    /// The nodes that have not ended, as far as is known.
    package func livingNodes() async throws(StoreError) -> [NodeRecord] {
        try await read("look for nodes", path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM nodes WHERE state IN ('open', 'draining') ORDER BY started_at, id"
            ).map(NodeRecord.init(row:))
        }
    }

    /// Takes a node for dead, unless it was heard of meanwhile, and frees its leases.
    ///
    /// - Parameter node: as it was seen last.
    /// - Returns: whether it was this one who did.
    package func lose(node: NodeRecord, at now: Date) async throws(StoreError) -> Bool {
        try await write("take a node for dead", node.id) { db in
            try db.execute(
                sql: """
                    UPDATE nodes SET state = 'lost', ended_at = ?
                    WHERE id = ? AND beats = ? AND state IN ('open', 'draining')
                    """, arguments: [now.storedMilliseconds, node.id, node.beats])
            guard db.changesCount == 1 else { return false }
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET leased_by = NULL, leased_until = NULL, fence = fence + 1
                    WHERE leased_by = ?
                    """, arguments: [node.id])
            return true
        }
    }

    /// Ends calls that nobody holds any more, where the last that is known of them happened, and the transfers that were under
    /// way on them. Their record's revision stays, so
    /// that what their node wrote of them and could not store replaces this when it comes.
    ///
    /// - Parameters:
    ///   - node: the only one that lives: the calls of all others are ended. Nil where those of lost nodes are.
    ///   - limit: calls at most, in one transaction.
    ///   - drafts: what is told of such an end.
    /// - Returns: how many; less than `limit` when no more are left.
    package func endOrphans(
        exceptOf node: String? = nil, limit: Int = 100,
        announcing drafts: @escaping @Sendable (CallRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) -> Int {
        let condition =
            node == nil
            ? "node IN (SELECT id FROM nodes WHERE state = 'lost') AND node <> ?" : "(node IS NULL OR node <> ?)"
        let search = """
            SELECT * FROM calls WHERE ended_at IS NULL AND end_reason IS NULL AND \(condition)
            ORDER BY started_at LIMIT ?
            """
        let arguments: SQLValues = [node ?? "", limit]
        let waits = try await read("look for calls without a node", path) { db in
            try !SQLRow.fetchAll(db, sql: search, arguments: arguments).isEmpty
        }
        guard waits else { return 0 }
        return try await write("end calls without a node", path) { db in
            let calls = try SQLRow.fetchAll(db, sql: search, arguments: arguments).map { try CallRecord(row: $0) }
            for var call in calls {
                let last = try Int.fetchOne(
                    db, sql: "SELECT max(coalesce(ended, started)) FROM turns WHERE call_id = ?", arguments: [call.id])
                call.duration = max(call.duration, last ?? 0)
                call.endedAt = call.startedAt + Double(call.duration) / 8000
                call.endReason = call.resumedAs == nil ? Self.lostReason : Self.handedOverReason
                let isPersons = try Self.isPersons(call, in: db)
                // A person's call is counted, and told of, as a part of the call that waits for them; what came of one that goes
                // on elsewhere stands there.
                call.resolution = isPersons || call.resumedAs != nil ? nil : .failed
                try db.execute(
                    sql: "UPDATE calls SET ended_at = ?, end_reason = ?, duration = ?, resolution = ? WHERE id = ?",
                    arguments: [
                        call.endedAt?.storedMilliseconds, call.endReason, call.duration, call.resolution?.rawValue,
                        call.id,
                    ])
                try Self.callOffTransfers(of: call, in: db)
                if !isPersons { try Self.announce(drafts(call), in: db) }
            }
            return calls.count
        }
    }

    /// Whether it is the call to a person for whom a caller waits: those alone are placed without an attempt.
    private static func isPersons(_ call: CallRecord, in db: SQLSession) throws -> Bool {
        guard call.direction == .outbound else { return false }
        return try Int.fetchOne(db, sql: "SELECT 1 FROM attempts WHERE id = ?", arguments: [call.id]) == nil
    }

    /// Nobody was joined with a caller whose node is no more while it called a person for them. What their carrier still
    /// rings at is ended at its next news, by whichever node that reaches, or by ``takeUnwanted(by:isAlone:limit:)``.
    private static func callOffTransfers(of call: CallRecord, in db: SQLSession) throws {
        try db.execute(
            sql: """
                UPDATE tools SET outcome = ?, succeeded = 0, finished = ?
                WHERE call_id = ? AND name = 'transfer_warm' AND outcome IS NULL
                """,
            arguments: [
                #"{"outcome":"cancelled","reason":"\#(lostReason)"}"#, call.duration, call.id,
            ])
    }

    /// Forgets nodes that ended before `moment`.
    ///
    /// - Returns: how many.
    @discardableResult
    package func deleteNodes(endedBefore moment: Date) async throws(StoreError) -> Int {
        try await write("forget old nodes", path) { db in
            try db.execute(
                sql: """
                    DELETE FROM nodes WHERE state IN ('closed', 'lost') AND ended_at < ? AND NOT EXISTS (
                        SELECT 1 FROM calls WHERE calls.node = nodes.id AND calls.ended_at IS NULL)
                    """, arguments: [moment.storedMilliseconds])
            return db.changesCount
        }
    }
}
