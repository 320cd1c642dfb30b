package import Foundation

extension Store {
    /// Stores the intent to call a contact: from now on nobody else calls this number.
    ///
    /// - Returns: false when the contact does not wait any more, or the number has an open attempt.
    package func intend(_ attempt: AttemptRecord) async throws(StoreError) -> Bool {
        try await intend([attempt]).contains(attempt.id)
    }

    /// As ``intend(_:)-(AttemptRecord)``, for several contacts in one transaction: the disk is waited for once.
    ///
    /// - Returns: the ids of those attempts that are stored.
    package func intend(_ attempts: [AttemptRecord]) async throws(StoreError) -> Set<String> {
        guard !attempts.isEmpty else { return [] }
        let subject = attempts.count == 1 ? attempts[0].id : "\(attempts.count) attempts"
        return try await write("store the intent to call", subject, durably: true) { db in
            var taken = try Self.openNumbers(among: attempts.map(\.number), in: db)
            var stored: Set<String> = []
            for attempt in attempts where taken.insert(attempt.number).inserted {
                try db.execute(
                    sql: """
                        UPDATE contacts SET state = 'calling', decision = ?, changed_at = ? WHERE id = ? AND state = 'waiting'
                        """,
                    arguments: [attempt.decision, attempt.intendedAt.storedMilliseconds, attempt.contactID])
                guard db.changesCount == 1 else { continue }
                try db.execute(
                    sql: """
                        INSERT INTO attempts (id, campaign_id, contact_id, number, caller_id, agent, state, decision, signature,
                            intended_at)
                        VALUES (?, ?, ?, ?, ?, ?, 'intent', ?, ?, ?)
                        """,
                    arguments: [
                        attempt.id, attempt.campaignID, attempt.contactID, attempt.number, attempt.callerID,
                        attempt.agent, attempt.decision, attempt.signature,
                        attempt.intendedAt.storedMilliseconds,
                    ])
                stored.insert(attempt.id)
            }
            return stored
        }
    }

    /// The request is about to leave. What fails after this may have reached the carrier.
    ///
    /// - Returns: false when the attempt is no mere intent any more; then no request may leave.
    package func markAsked(attempt id: String, at now: Date) async throws(StoreError) -> Bool {
        try await change(
            attempt: id, durably: true,
            "UPDATE attempts SET state = 'asked', asked_at = ? WHERE id = ? AND state = 'intent'",
            [now.storedMilliseconds, id])
    }

    /// The carrier has the call, under this id. Said again, it changes nothing.
    ///
    /// - Returns: false when the attempt has ended, or has another id.
    package func markPlaced(attempt id: String, carrierCallID: String, at now: Date) async throws(StoreError) -> Bool {
        try await change(
            attempt: id, durably: true,
            """
            UPDATE attempts SET state = 'placed', carrier_call_id = ?1, placed_at = coalesce(placed_at, ?2)
            WHERE id = ?3 AND state IN ('asked', 'placed') AND coalesce(carrier_call_id, ?1) = ?1
            """,
            [carrierCallID, now.storedMilliseconds, id])
    }

    /// Notes what the carrier says on the way, and the call that is held; nil leaves what is known.
    package func note(
        attempt id: String, answeredAt: Date? = nil, answeredBy: String? = nil, answerer: String? = nil,
        callID: String? = nil
    ) async throws(StoreError) -> Bool {
        try await change(
            attempt: id,
            """
            UPDATE attempts SET answered_at = coalesce(answered_at, ?1), answered_by = coalesce(?2, answered_by),
                answerer = coalesce(?3, answerer), call_id = coalesce(?4, call_id) WHERE id = ?5 AND state <> 'ended'
            """,
            [answeredAt?.storedMilliseconds, answeredBy, answerer, callID, id])
    }

    /// Notes how long whoever answered waited for the agent's first words, once; also after the attempt has ended, since the
    /// carrier may say so to another node before the media is over on the one that holds the call.
    ///
    /// - Parameter delay: in samples at 8 kHz.
    package func note(attempt id: String, greetingDelay delay: Int) async throws(StoreError) -> Bool {
        try await change(
            attempt: id, "UPDATE attempts SET greeting_delay = ? WHERE id = ? AND greeting_delay IS NULL", [delay, id])
    }

    private func change(
        attempt id: String, durably: Bool = false, _ sql: String, _ arguments: SQLValues
    ) async throws(StoreError) -> Bool {
        try await write("change an attempt", id, durably: durably) { db in
            try db.execute(sql: sql, arguments: arguments)
            return db.changesCount == 1
        }
    }

    /// What an ended attempt means for its contact.
    package struct AttemptEnd: Sendable {
        package var outcome: String
        package var detail: String?
        /// Whether it counts as one of the contact's attempts.
        package var counts: Bool
        /// When to try again; nil when the contact is done.
        package var next: Date?
        /// Whether a promise to call again that is due was kept.
        package var keepsPromise: Bool
        /// How long whoever answered waited for the agent's first words, in samples at 8 kHz, where that is known; what is stored
        /// already stays.
        package var greetingDelay: Int?

        package init(
            outcome: String, detail: String? = nil, counts: Bool, next: Date?, keepsPromise: Bool = false,
            greetingDelay: Int? = nil
        ) {
            self.outcome = outcome
            self.detail = detail
            self.counts = counts
            self.next = next
            self.keepsPromise = keepsPromise
            self.greetingDelay = greetingDelay
        }
    }

    /// Ends an attempt, once, and with it moves its contact on.
    ///
    /// - Parameter announce: what others are told of it.
    /// - Returns: false when it had ended before; then nothing changes.
    package func end(
        attempt id: String, _ end: AttemptEnd, at now: Date,
        announcing announce: @escaping @Sendable (AttemptRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) -> Bool {
        try await write("end an attempt", id, durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE attempts SET state = 'ended', outcome = ?, detail = ?, ended_at = ?,
                        greeting_delay = coalesce(greeting_delay, ?)
                    WHERE id = ? AND state <> 'ended'
                    """,
                arguments: [end.outcome, end.detail, now.storedMilliseconds, end.greetingDelay, id])
            guard db.changesCount == 1 else { return false }
            try db.execute(
                sql: """
                    UPDATE contacts SET state = CASE WHEN ?1 IS NULL THEN 'done' ELSE 'waiting' END,
                        next_at = coalesce(?1, next_at), outcome = ?2, attempts = attempts + ?3, changed_at = ?4,
                        callback_at = CASE WHEN ?6 = 1 AND callback_at <= ?4 THEN NULL ELSE callback_at END
                    WHERE id = (SELECT contact_id FROM attempts WHERE id = ?5) AND state = 'calling'
                    """,
                arguments: [
                    end.next?.storedMilliseconds, end.outcome, end.counts ? 1 : 0, now.storedMilliseconds, id,
                    end.keepsPromise,
                ])
            if let row = try SQLRow.fetchOne(db, sql: "SELECT * FROM attempts WHERE id = ?", arguments: [id]) {
                try Self.announce(announce(AttemptRecord(row: row)), in: db)
            }
            return true
        }
    }

    /// The attempt whose call this is; nil for a call that we did not place.
    package func attempt(ofCall callID: String) async throws(StoreError) -> AttemptRecord? {
        try await read("find an attempt", callID) { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM attempts WHERE call_id = ?", arguments: [callID])
                .map(AttemptRecord.init(row:))
        }
    }

    /// The attempts that calls of the carrier belong to, by the carrier's ids; those that are nobody's are left out.
    package func attempts(ofCarrierCalls ids: [String]) async throws(StoreError) -> [String: String] {
        guard !ids.isEmpty else { return [:] }
        return try await read("find attempts", path) { db in
            let values = SQLValues(ids)
            let rows = try SQLRow.fetchAll(
                db, sql: "SELECT carrier_call_id, id FROM attempts WHERE carrier_call_id IN (\(values.marks))",
                arguments: values)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["carrier_call_id"] as String, $0["id"] as String) })
        }
    }

    package func attempt(id: String) async throws(StoreError) -> AttemptRecord? {
        try await read("find an attempt", id) { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM attempts WHERE id = ?", arguments: [id])
                .map(AttemptRecord.init(row:))
        }
    }

    /// Attempts that have not ended, the oldest first.
    package func openAttempts() async throws(StoreError) -> [AttemptRecord] {
        try await read("list the open attempts", path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT * FROM attempts WHERE state <> 'ended' ORDER BY intended_at, id")
                .map(AttemptRecord.init(row:))
        }
    }

    /// Attempts of which something may have to be found out, the oldest first: mere intents, and those that have been under way for
    /// a while.
    ///
    /// - Parameters:
    ///   - moment: of requests without an answer, those that were intended by then.
    ///   - placed: of placed calls, those that were intended by then; nil for none.
    package func attemptsUnderWay(
        askedBy moment: Date, placedBy placed: Date?
    ) async throws(StoreError) -> [AttemptRecord] {
        // Each part says what the index of open attempts is for, so that an engine sees that it may use it.
        let part = "SELECT * FROM attempts WHERE state <> 'ended' AND state = "
        var parts = [part + "'intent'", part + "'asked' AND intended_at <= ?"]
        var times = [moment.storedMilliseconds]
        if let placed {
            parts.append(part + "'placed' AND intended_at <= ?")
            times.append(placed.storedMilliseconds)
        }
        let (sql, values) = (parts.joined(separator: " UNION ALL ") + " ORDER BY intended_at, id", SQLValues(times))
        return try await read("look after the open attempts", path) { db in
            try SQLRow.fetchAll(db, sql: sql, arguments: values).map(AttemptRecord.init(row:))
        }
    }

    /// The ids of attempts that have not ended.
    package func openAttemptIDs() async throws(StoreError) -> Set<String> {
        try await read("list the open attempts", path) { db in
            try String.fetchSet(db, sql: "SELECT id FROM attempts WHERE state <> 'ended'")
        }
    }

    /// When attempts of all campaigns were intended, from `moment` on.
    package func intendedTimes(since moment: Date) async throws(StoreError) -> [Date] {
        try await read("look at the last attempts", path) { db in
            try Int.fetchAll(
                db, sql: "SELECT intended_at FROM attempts WHERE intended_at >= ? ORDER BY intended_at",
                arguments: [moment.storedMilliseconds]
            ).map(Date.init(storedMilliseconds:))
        }
    }

    /// How many attempts of each campaign have not ended; campaigns without one are left out.
    package func openAttemptCounts() async throws(StoreError) -> [String: Int] {
        try await read("count the open attempts", path) { db in
            let rows = try SQLRow.fetchAll(
                db,
                sql: "SELECT campaign_id, count(*) AS number FROM attempts WHERE state <> 'ended' GROUP BY campaign_id"
            )
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["campaign_id"] as String, $0["number"] as Int) })
        }
    }

    /// Attempts of a campaign under way that somebody or something has answered.
    package func answeredAttemptCount(campaign id: String) async throws(StoreError) -> Int {
        try await read("count the answered attempts", id) { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM attempts WHERE state <> 'ended' AND campaign_id = ? AND answered_at IS NOT NULL
                    """, arguments: [id]) ?? 0
        }
    }

    /// The last attempts of a campaign that have ended, the newest first.
    package func endedAttempts(campaign id: String, limit: Int) async throws(StoreError) -> [AttemptMoment] {
        try await read("look at the ended attempts", id) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT id, number, intended_at, outcome FROM attempts
                    WHERE campaign_id = ? AND outcome IS NOT NULL
                    ORDER BY intended_at DESC, id LIMIT ?
                    """, arguments: [id, limit]
            ).map {
                AttemptMoment(
                    id: $0["id"], number: $0["number"], intendedAt: Date(storedMilliseconds: $0["intended_at"]),
                    outcome: $0["outcome"])
            }
        }
    }

    /// The attempts of a contact, the oldest first.
    package func attempts(contact id: Int) async throws(StoreError) -> [AttemptRecord] {
        try await read("list the attempts", "\(id)") { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM attempts WHERE contact_id = ? ORDER BY intended_at, id", arguments: [id]
            )
            .map(AttemptRecord.init(row:))
        }
    }

    /// Calls from each number since `moment`.
    package func callerIDUse(since moment: Date) async throws(StoreError) -> [String: Int] {
        try await read("count the calls of our numbers", path) { db in
            let rows = try SQLRow.fetchAll(
                db, sql: "SELECT caller_id, count(*) AS number FROM attempts WHERE asked_at > ? GROUP BY caller_id",
                arguments: [moment.storedMilliseconds])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["caller_id"] as String, $0["number"] as Int) })
        }
    }
}
