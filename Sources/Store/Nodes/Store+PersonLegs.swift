package import Foundation

/// Calls to people for whom callers hold the line, and who ends them when nobody waits any more.
extension Store {
    /// A carrier is about to be asked for the call.
    package func add(_ leg: PersonLegRecord) async throws(StoreError) {
        try await write("note the call to a person", leg.id) { db in
            try db.execute(
                sql: """
                    INSERT INTO person_legs (id, call_id, node, carrier, carrier_call_id, number, caller_id, asked_at, tries)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    leg.id, leg.callID, leg.node, leg.carrier, leg.carrierCallID, leg.number, leg.callerID,
                    leg.askedAt.storedMilliseconds, leg.tries,
                ])
        }
    }

    /// The carrier has named the call. Said again, it changes nothing.
    package func name(personLeg id: String, carrierCallID: String) async throws(StoreError) {
        try await write("note the call to a person", id) { db in
            try db.execute(
                sql: "UPDATE person_legs SET carrier_call_id = ? WHERE id = ? AND carrier_call_id IS NULL",
                arguments: [carrierCallID, id])
        }
    }

    /// The call is over, or was never placed. One that is not there is no error.
    package func remove(personLeg id: String) async throws(StoreError) {
        try await write("forget the call to a person", id) { db in
            try db.execute(sql: "DELETE FROM person_legs WHERE id = ?", arguments: [id])
        }
    }

    /// Nobody waits for the call any more, and it could not be ended: it is found by ``takeUnwanted(by:isAlone:limit:)``.
    package func abandon(personLeg id: String) async throws(StoreError) {
        try await write("give up the call to a person", id) { db in
            try db.execute(
                sql: "UPDATE person_legs SET tries = 1 WHERE id = ? AND tries = 0", arguments: [id])
        }
    }

    /// All that are known, the oldest first.
    package func personLegs() async throws(StoreError) -> [PersonLegRecord] {
        try await read("list the calls to people", path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT * FROM person_legs ORDER BY asked_at, id").map(
                PersonLegRecord.init(row:))
        }
    }

    /// When other nodes asked a carrier for such calls that are not over, from a moment on.
    ///
    /// - Parameter node: whose own are left out.
    package func personCallTimes(
        of carrier: String, exceptOf node: String, since: Date
    ) async throws(StoreError) -> [Date] {
        try await read("look for calls to people", path) { db in
            try Int.fetchAll(
                db,
                sql:
                    "SELECT asked_at FROM person_legs WHERE carrier = ? AND node <> ? AND asked_at >= ? ORDER BY asked_at",
                arguments: [carrier, node, since.storedMilliseconds]
            ).map(Date.init(storedMilliseconds:))
        }
    }

    /// Calls that nobody waits for any more: of nodes that are no more, and those of this one that could not be ended. They are
    /// this node's from now on; of two that look at the same time one gets each.
    ///
    /// - Parameters:
    ///   - node: that looks.
    ///   - isAlone: whether no other node can live, as on a file.
    ///   - limit: calls at most.
    package func takeUnwanted(
        by node: String, isAlone: Bool, limit: Int = 100
    ) async throws(StoreError) -> [PersonLegRecord] {
        let others =
            isAlone ? "node <> ?1" : "node NOT IN (SELECT id FROM nodes WHERE state IN ('open', 'draining'))"
        let search = """
            SELECT * FROM person_legs WHERE (node = ?1 AND tries > 0) OR (node <> ?1 AND \(others))
            ORDER BY asked_at, id LIMIT ?2
            """
        let arguments: SQLValues = [node, limit]
        // Most often there is none, and then nothing is written.
        let waits = try await read("look for calls to people", path) { db in
            try !SQLRow.fetchAll(db, sql: search, arguments: arguments).isEmpty
        }
        guard waits else { return [] }
        return try await write("take calls to people", path) { db in
            var taken: [PersonLegRecord] = []
            for row in try SQLRow.fetchAll(db, sql: search, arguments: arguments) {
                var leg = PersonLegRecord(row: row)
                try db.execute(
                    sql: "UPDATE person_legs SET node = ?, tries = tries + 1 WHERE id = ? AND node = ? AND tries = ?",
                    arguments: [node, leg.id, leg.node, leg.tries])
                guard db.changesCount == 1 else { continue }
                leg.node = node
                leg.tries += 1
                taken.append(leg)
            }
            return taken
        }
    }

    /// Which of these calls of a carrier belong to somebody: to a person for whom somebody waits or who is on the line, or to a
    /// campaign.
    package func claimed(carrierCallIDs ids: [String], of carrier: String) async throws(StoreError) -> Set<String> {
        guard !ids.isEmpty else { return [] }
        return try await read("look for calls of a carrier", path) { db in
            var claimed: Set<String> = []
            for id in ids {
                let found = try Int.fetchOne(
                    db,
                    sql: """
                        SELECT 1 WHERE EXISTS (SELECT 1 FROM person_legs WHERE carrier_call_id = ?1)
                            OR EXISTS (SELECT 1 FROM attempts WHERE carrier_call_id = ?1)
                            OR EXISTS (
                                SELECT 1 FROM calls WHERE carrier = ?2 AND carrier_call_id = ?1 AND ended_at IS NULL)
                        """, arguments: [id, carrier])
                if found != nil { claimed.insert(id) }
            }
            return claimed
        }
    }
}
