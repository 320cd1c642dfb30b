/// Going on with a call whose node is no more. Exactly one node does.
extension Store {
    /// What became of the wish to go on with a call.
    package enum Resumption: Sendable, Equatable {
        /// It goes on as the call of that id, on the node that asked. So it was when this was asked for before.
        case taken(as: String)
        /// Another node goes on with it, or it is over.
        case refused
    }

    /// The newest call that the carrier knows by that id, and the node that holds it.
    package func call(
        carrier: String, carrierCallID: String
    ) async throws(StoreError) -> (call: CallRecord, node: NodeRecord?)? {
        try await read("find a call", carrierCallID) { db in
            let row = try SQLRow.fetchOne(
                db,
                sql: """
                    SELECT * FROM calls WHERE carrier = ? AND carrier_call_id = ?
                    ORDER BY started_at DESC, id DESC LIMIT 1
                    """,
                arguments: [carrier, carrierCallID])
            guard let row else { return nil }
            let call = try CallRecord(row: row)
            let node = try SQLRow.fetchOne(db, sql: "SELECT * FROM nodes WHERE id = ?", arguments: [call.node ?? ""])
            return (call, try node.map(NodeRecord.init(row:)))
        }
    }

    /// Gives a call to a node that goes on with it. Whoever asks first has it; a node that died before it began loses it again.
    ///
    /// The call ends when its own node ends it, or when that is found to be lost. Where it was found so before, its reason is
    /// mended; who is told of calls' ends is not told again.
    ///
    /// - Parameters:
    ///   - id: of a call that was not ended by its node.
    ///   - next: the id of the call that goes on with it.
    ///   - node: that asks.
    package func resume(_ id: String, as next: String, by node: String) async throws(StoreError) -> Resumption {
        try await write("go on with a call", id) { db in
            try db.execute(
                sql: """
                    UPDATE calls SET resumed_as = ?, resumed_by = ? WHERE id = ?
                        AND (ended_at IS NULL OR end_reason IN (?, ?))
                        AND (resumed_as IS NULL OR (
                            resumed_by IN (SELECT id FROM nodes WHERE state IN ('lost', 'closed'))
                            AND NOT EXISTS (SELECT 1 FROM calls AS later WHERE later.id = calls.resumed_as)))
                    """,
                arguments: [next, node, id, Self.lostReason, Self.handedOverReason])
            guard db.changesCount == 1 else {
                let before = try SQLRow.fetchOne(
                    db, sql: "SELECT resumed_as FROM calls WHERE id = ? AND resumed_by = ?", arguments: [id, node])
                return (before?["resumed_as"] as String?).map { Resumption.taken(as: $0) } ?? .refused
            }
            try db.execute(
                sql: "UPDATE calls SET end_reason = ?, resolution = NULL WHERE id = ? AND end_reason = ?",
                arguments: [Self.handedOverReason, id, Self.lostReason])
            return .taken(as: next)
        }
    }
}
