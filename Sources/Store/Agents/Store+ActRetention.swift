import Foundation

extension Store {
    /// Rows that one transaction of a clean-up deletes at most.
    private static let actsAtOnce = 500

    /// Deletes what is kept of acts beside the calls on which they were asked for: reviews that are over, what tools and the
    /// calendar remember so that nothing is done twice, messages for the staff, and facts of contacts that nobody has noted
    /// again since `moment`. Appointments stay.
    ///
    /// The memory of an act stays while somebody may still ask for the act: on a call that is on the line, in a team's run that
    /// is open, by a review that waits or is being done.
    /// - Parameter live: calls that are on the line.
    /// - Returns: how many rows.
    func deleteActs(before moment: Date, except live: Set<String>) async throws(StoreError) -> Int {
        var count = 0
        let deletions: [@Sendable (Int, String, SQLSession) throws -> Void] = [
            Self.deleteReviews, Self.deleteToolActs, Self.deleteCalendarActs, Self.deleteMessages, Self.deleteFacts,
        ]
        for delete in deletions {
            while true {
                let gone = try await write("delete old acts", path) { db in
                    try delete(moment.storedMilliseconds, try StoredJSON.text(live.sorted()), db)
                    return db.changesCount
                }
                count += gone
                if gone < Self.actsAtOnce { break }
            }
        }
        return count
    }

    /// `unclear` is over too: nothing tries it again. One that nobody has decided ends by itself when its time is over.
    @Sendable private static func deleteReviews(before moment: Int, except live: String, in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM reviews WHERE id IN (
                    SELECT id FROM reviews WHERE state NOT IN ('pending', 'approved', 'running')
                        AND coalesce(finished_at, decided_at, filed_at) < ?1
                        AND call_id NOT IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?2", as: "own")))
                        AND NOT EXISTS (
                            SELECT 1 FROM team_steps JOIN team_runs ON team_runs.id = team_steps.run_id
                            WHERE team_steps.review_id = reviews.id AND team_runs.state = 'open')
                    ORDER BY id LIMIT \(actsAtOnce))
                """, arguments: [moment, live])
    }

    @Sendable private static func deleteToolActs(before moment: Int, except live: String, in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM tool_acts WHERE idempotency_key IN (
                    SELECT idempotency_key FROM tool_acts WHERE begun_at < ?1 AND \(nobodyAsks(for: "tool_acts", db.dialect))
                    LIMIT \(actsAtOnce))
                """, arguments: [moment, live])
    }

    @Sendable private static func deleteCalendarActs(
        before moment: Int, except live: String, in db: SQLSession
    ) throws {
        try db.execute(
            sql: """
                DELETE FROM calendar_acts WHERE (operation, idempotency_key) IN (
                    SELECT operation, idempotency_key FROM calendar_acts
                    WHERE done_at < ?1 AND \(nobodyAsks(for: "calendar_acts", db.dialect)) LIMIT \(actsAtOnce))
                """, arguments: [moment, live])
    }

    /// A message stays as long as its act, which knows it by an id that a new one may get.
    @Sendable private static func deleteMessages(before moment: Int, except live: String, in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM messages WHERE id IN (
                    SELECT id FROM messages WHERE taken_at < ?1 AND CAST(id AS TEXT) NOT IN (
                        SELECT \(db.dialect.member("id", ofJSON: "result")) FROM calendar_acts
                        WHERE operation = 'message' AND done_at < ?1)
                    ORDER BY id LIMIT \(actsAtOnce))
                """, arguments: [moment])
    }

    /// The newest of a name has the time at which it was last noted.
    @Sendable private static func deleteFacts(before moment: Int, except live: String, in db: SQLSession) throws {
        try db.execute(
            sql: """
                DELETE FROM contact_facts WHERE (contact, name) IN (
                    SELECT contact, name FROM contact_facts WHERE noted_at < ?1 LIMIT \(actsAtOnce))
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
