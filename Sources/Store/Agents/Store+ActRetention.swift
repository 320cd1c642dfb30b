import Foundation

extension Store {
    /// Rows that one transaction of a clean-up deletes at most.
    private static let actsAtOnce = 500

    /// Deletes what is kept of acts beside the calls on which they were asked for: reviews that are over, what tools and the
    /// calendar remember so that nothing is done twice, messages for the staff, and facts that callers told and that nobody has noted
    /// again since `moment`. Appointments stay, and so does what people noted of a contact: callers prove by it who they are.
    ///
    /// The memory of an act stays while somebody may still ask for the act: on a call that is on the line, in a team's run that
    /// is open, by a review that waits or is being done.
    /// - Parameter live: calls that are on the line.
    /// - Returns: how many rows.
    func deleteActs(before moment: Date, except live: Set<String>) async throws(StoreError) -> Int {
        let (moment, live) = (moment.storedMilliseconds, live.sorted())
        var count = try await deleteAll { try Self.deleteReviews(before: moment, except: live, in: $0) }
        count += try await deleteToolActs(before: moment, except: live)
        count += try await deleteCalendarActs(before: moment, except: live)
        count += try await deleteAll { try Self.deleteMessages(before: moment, in: $0) }
        count += try await deleteAll { try Self.deleteFacts(before: moment, in: $0) }
        return count
    }

    /// Deletes in parts until one is not full.
    private func deleteAll(_ part: @escaping @Sendable (SQLSession) throws -> Void) async throws(StoreError) -> Int {
        var count = 0
        while true {
            let gone = try await write("delete old acts", path) { db in
                try part(db)
                return db.changesCount
            }
            count += gone
            if gone < Self.actsAtOnce { return count }
        }
    }

    /// Deletes by their keys what was read by its age. The tables have no order by age, so each row is looked at once, and only
    /// while others may write.
    ///
    /// - Parameters:
    ///   - keys: those of old rows behind the one given, in their order, up to ``actsAtOnce``.
    ///   - delete: gets keys as JSON.
    private func deleteByKey(
        _ keys: @escaping @Sendable (_ behind: String, SQLSession) throws -> [String],
        _ delete: @escaping @Sendable (_ keys: String, SQLSession) throws -> Void
    ) async throws(StoreError) -> Int {
        var (count, last) = (0, "")
        while true {
            let behind = last
            let old = try await read("look for old acts", path) { db in try keys(behind, db) }
            guard let end = old.last else { return count }
            last = end
            count += try await write("delete old acts", path) { db in
                try delete(try StoredJSON.text(old), db)
                return db.changesCount
            }
            if old.count < Self.actsAtOnce { return count }
        }
    }

    /// `unclear` is over too: nothing tries it again. One that nobody has decided ends by itself when its time is over.
    private static func deleteReviews(before moment: Int, except live: [String], in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM reviews WHERE id IN (
                    SELECT id FROM reviews WHERE state NOT IN ('pending', 'approved', 'running')
                        AND coalesce(finished_at, decided_at, filed_at) < ?1
                        AND call_id NOT IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?2", as: "own")))
                        AND id NOT IN (
                            SELECT review_id FROM team_steps JOIN team_runs ON team_runs.id = team_steps.run_id
                            WHERE review_id IS NOT NULL AND team_runs.state = 'open')
                    ORDER BY id LIMIT \(actsAtOnce))
                """, arguments: [moment, try StoredJSON.text(live)])
    }

    private func deleteToolActs(before moment: Int, except live: [String]) async throws(StoreError) -> Int {
        try await deleteByKey { behind, db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT idempotency_key FROM tool_acts WHERE idempotency_key > ? AND begun_at < ?
                    ORDER BY idempotency_key LIMIT \(Self.actsAtOnce)
                    """, arguments: [behind, moment])
        } _: { keys, db in
            try db.execute(
                sql: """
                    DELETE FROM tool_acts WHERE begun_at < ?1
                        AND idempotency_key IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?3", as: "old")))
                        AND \(Self.nobodyAsks(for: "tool_acts", db.dialect))
                    """, arguments: [moment, try StoredJSON.text(live), keys])
        }
    }

    private func deleteCalendarActs(before moment: Int, except live: [String]) async throws(StoreError) -> Int {
        let operations = try await read("look for old acts", path) { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT operation FROM calendar_acts")
        }
        var count = 0
        for operation in operations {
            count += try await deleteByKey { behind, db in
                try String.fetchAll(
                    db,
                    sql: """
                        SELECT idempotency_key FROM calendar_acts WHERE operation = ? AND idempotency_key > ? AND done_at < ?
                        ORDER BY idempotency_key LIMIT \(Self.actsAtOnce)
                        """, arguments: [operation, behind, moment])
            } _: { keys, db in
                try db.execute(
                    sql: """
                        DELETE FROM calendar_acts WHERE operation = ?4 AND done_at < ?1
                            AND idempotency_key IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?3", as: "old")))
                            AND \(Self.nobodyAsks(for: "calendar_acts", db.dialect))
                        """, arguments: [moment, try StoredJSON.text(live), keys, operation])
            }
        }
        return count
    }

    /// A message stays as long as its act, which knows it by an id that a new one may get.
    private static func deleteMessages(before moment: Int, in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM messages WHERE id IN (
                    SELECT id FROM messages WHERE taken_at < ?1 AND CAST(id AS TEXT) NOT IN (
                        SELECT \(db.dialect.member("id", ofJSON: "result")) FROM calendar_acts
                        WHERE operation = 'message' AND done_at < ?1)
                    ORDER BY id LIMIT \(actsAtOnce))
                """, arguments: [moment])
    }

    /// The newest of a name has the time at which it was last noted. What people noted has no call as its source.
    private static func deleteFacts(before moment: Int, in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM contact_facts WHERE (contact, name) IN (
                    SELECT contact, name FROM contact_facts WHERE noted_at < ?1 AND source LIKE 'call %' LIMIT \(actsAtOnce))
                """, arguments: [moment])
    }

    /// Whether no act of a table may be asked for again under its key, which begins with what it belongs to; `?2` stands for the
    /// calls on the line.
    private static func nobodyAsks(for table: String, _ dialect: SQLDialect) -> String {
        func begins(_ owner: String) -> String {
            "substr(\(table).idempotency_key || '/', 1, length(\(owner)) + 1) = \(owner) || '/'"
        }
        return """
            NOT EXISTS (
                SELECT 1 FROM \(dialect.elements(ofJSON: "?2", as: "own")) WHERE \(begins("own.value")))
            AND NOT EXISTS (
                SELECT 1 FROM team_runs WHERE state = 'open'
                    AND substr(\(table).idempotency_key, 1, length(id) + 6) = 'team-' || id || '-')
            AND NOT EXISTS (
                SELECT 1 FROM reviews WHERE state IN ('pending', 'approved', 'running')
                    AND \(begins("('review/' || CAST(id AS TEXT))")))
            """
    }
}
