package import Foundation

extension Store {
    private static let callbackColumns = """
        SELECT callbacks.*, contacts.state AS contact, contacts.outcome AS outcome, contacts.attempts AS attempts,
            campaigns.state AS campaign_state, campaigns.reason AS campaign_reason
        FROM callbacks LEFT JOIN campaigns ON campaigns.name = 'callback-' || callbacks.id
        LEFT JOIN contacts ON contacts.campaign_id = campaigns.id AND contacts.number = callbacks.number
        """

    /// Numbers that one call can be promised callbacks to, one after the other.
    package static let callbackNumbersPerCall = 3

    /// Stores a promise. Of one call one number has one: a later one takes its place. So it is with a call that goes on with
    /// another one, whose node is no more: its caller is the same.
    ///
    /// - Returns: as it is stored, with the id of the first one.
    /// - Throws: ``StoreError`` with `rejected` when the call was promised callbacks to too many numbers.
    package func promise(_ callback: CallbackRecord) async throws(StoreError) -> CallbackRecord {
        try await write("promise a callback", callback.callID, durably: true) { try Self.promise(callback, in: $0) }
    }

    /// Stores a promise like ``promise(_:)``, unless the number is to be called anyway; see ``hasOpenCallback(to:dueBy:)``. Looked
    /// at and stored in one transaction: of two nodes that promise in the same instant one does.
    ///
    /// - Parameter moment: another promise is enough that is due by then.
    /// - Returns: nil where there is one, and nothing was stored.
    package func promise(
        _ callback: CallbackRecord, unlessDueBy moment: Date
    ) async throws(StoreError) -> CallbackRecord? {
        try await write("promise a callback", callback.callID, durably: true) { db -> CallbackRecord? in
            if try Self.hasOpenCallback(to: callback.number, dueBy: moment, in: db) { return nil }
            return try Self.promise(callback, in: db)
        }
    }

    private static func promise(_ promised: CallbackRecord, in db: SQLSession) throws -> CallbackRecord {
        var callback = promised
        let calls = SQLValues(try Self.calls(before: callback.callID, in: db))
        let others =
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM callbacks WHERE call_id IN (\(calls.marks)) AND number <> ?",
                arguments: calls + [callback.number]) ?? 0
        guard others < Self.callbackNumbersPerCall else {
            throw StoreError(
                .rejected, operation: "promise a callback", subject: callback.callID,
                detail: "this call was promised callbacks to \(others) numbers already")
        }
        // All of them are of the call with the first one: who is called at one number is not called at the others.
        let first = try String.fetchOne(
            db,
            sql: "SELECT call_id FROM callbacks WHERE call_id IN (\(calls.marks)) ORDER BY promised_at, id LIMIT 1",
            arguments: calls)
        if let first { callback.callID = first }
        try db.execute(
            sql: """
                INSERT INTO callbacks (id, call_id, number, note, due_at, time_zone, state, promised_at, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, 'promised', ?, ?)
                ON CONFLICT (call_id, number) DO UPDATE SET note = excluded.note, due_at = excluded.due_at,
                    time_zone = excluded.time_zone, state = 'promised', changed_at = excluded.changed_at
                """,
            arguments: [
                callback.id, callback.callID, callback.number, callback.note, callback.dueAt.storedMilliseconds,
                callback.timeZone, callback.promisedAt.storedMilliseconds, callback.promisedAt.storedMilliseconds,
            ])
        let row = try SQLRow.fetchOne(
            db, sql: Self.callbackColumns + " WHERE callbacks.call_id = ? AND callbacks.number = ?",
            arguments: [callback.callID, callback.number])
        guard let row else { preconditionFailure("a callback was just promised") }
        return try CallbackRecord(row: row)
    }

    /// The call, and those that it went on with, one after the other.
    private static func calls(before id: String, in db: SQLSession) throws -> [String] {
        var calls = [id]
        // A bound against a circle that cannot be.
        while calls.count < 8,
            let next = try String.fetchOne(
                db, sql: "SELECT resumes FROM calls WHERE id = ? AND resumes IS NOT NULL",
                arguments: [calls[calls.count - 1]])
        {
            calls.append(next)
        }
        return calls
    }

    /// Makes a promise's number the contact of its campaign, due when it was promised, also one that was called before.
    ///
    /// - Parameter consent: that the person asked for it. One that holds longer stays, one that was revoked stays revoked.
    /// - Returns: false when the promise was taken back, or handed over, meanwhile; then nothing changes.
    package func enlist(
        callback id: String, campaign: String, variables: [String: String], consent: ConsentRecord, at now: Date
    ) async throws(StoreError) -> Bool {
        try await write("plan a callback", id, durably: true) { db in
            let callback = try Self.callback(id: id, in: db)
            guard callback.state == .promised else { return false }
            let (due, moment) = (callback.dueAt.storedMilliseconds, now.storedMilliseconds)
            // One that is being called is called again when it is due.
            try db.execute(
                sql: """
                    INSERT INTO contacts
                        (campaign_id, number, line, region, variables, state, next_at, callback_at, changed_at)
                    VALUES (?, ?, 0, '', ?, 'waiting', ?, ?, ?)
                    ON CONFLICT (campaign_id, number) DO UPDATE SET variables = excluded.variables,
                        callback_at = excluded.callback_at, next_at = excluded.next_at, changed_at = excluded.changed_at,
                        attempts = CASE WHEN contacts.state = 'done' THEN 0 ELSE contacts.attempts END,
                        outcome = CASE WHEN contacts.state = 'done' THEN NULL ELSE contacts.outcome END,
                        state = CASE WHEN contacts.state = 'done' THEN 'waiting' ELSE contacts.state END
                    """,
                arguments: [campaign, callback.number, try StoredJSON.text(variables), due, due, moment])
            try db.execute(
                sql: """
                    INSERT INTO consents (number, seller, kind, source, given_at, expires_at, place)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (number, seller, kind) DO UPDATE SET source = excluded.source,
                        given_at = excluded.given_at, expires_at = excluded.expires_at
                    WHERE consents.revoked_at IS NULL AND consents.expires_at < excluded.expires_at
                    """,
                arguments: [
                    callback.number, consent.seller, consent.kind.rawValue, consent.source,
                    consent.givenAt.storedMilliseconds, consent.expiresAt?.storedMilliseconds,
                    ConsentRecord.newPlace(),
                ])
            return true
        }
    }

    /// Lets those who place calls have a promise: its campaign runs. Of the call that it was promised on it is then the only
    /// one that waits.
    ///
    /// - Parameter announce: what others are told of it.
    /// - Returns: false when the promise was taken back, or handed over, meanwhile; then nothing changes.
    package func handOver(
        callback id: String, at now: Date,
        announcing announce: @escaping @Sendable (CallbackRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) -> Bool {
        try await write("hand a callback over", id, durably: true) { db in
            let moment = now.storedMilliseconds
            try db.execute(
                sql: "UPDATE callbacks SET state = 'queued', changed_at = ? WHERE id = ? AND state = 'promised'",
                arguments: [moment, id])
            guard db.changesCount == 1 else { return false }
            let callback = try Self.callback(id: id, in: db)
            try db.execute(
                sql: """
                    UPDATE campaigns SET state = 'running', reason = NULL, changed_at = ?1,
                        started_at = coalesce(started_at, ?1)
                    WHERE name = ?2 AND state <> 'running'
                    """,
                arguments: [moment, callback.campaign])
            let others = try SQLRow.fetchAll(
                db, sql: "SELECT id FROM callbacks WHERE call_id = ? AND id <> ? AND state <> 'cancelled'",
                arguments: [callback.callID, id])
            for other in others { _ = try Self.cancel(callback: other["id"], at: now, in: db) }
            try Self.announce(announce(try Self.callback(id: id, in: db)), in: db)
            return true
        }
    }

    /// Takes a promise back, unless its call is on its way or over. The consent that came with it ends.
    ///
    /// - Parameter reason: ends a campaign of it that has not begun, which nobody else would; nil leaves that as it is. Promised
    ///   again, it runs all the same.
    /// - Returns: false when it is.
    package func cancel(
        callback id: String, because reason: String? = nil, at now: Date
    ) async throws(StoreError) -> Bool {
        try await write("cancel a callback", id, durably: true) { db in
            let isCancelled = try Self.cancel(callback: id, at: now, in: db)
            if isCancelled, let reason {
                try db.execute(
                    sql: """
                        UPDATE campaigns SET state = 'finished', reason = ?, changed_at = ?
                        WHERE name = ? AND state = 'created'
                        """,
                    arguments: [reason, now.storedMilliseconds, CallbackRecord.campaign(of: id)])
            }
            return isCancelled
        }
    }

    private static func cancel(callback id: String, at now: Date, in db: SQLSession) throws -> Bool {
        let callback = try Self.callback(id: id, in: db)
        guard callback.state != .cancelled else { return true }
        let (moment, isPromised) = (now.storedMilliseconds, callback.state == .promised)
        try db.execute(
            sql: """
                UPDATE contacts SET state = 'done', outcome = 'cancelled', changed_at = ? WHERE state = 'waiting'
                    AND campaign_id = (SELECT id FROM campaigns WHERE name = ?)
                """,
            arguments: [moment, callback.campaign])
        guard db.changesCount > 0 || callback.contact == nil || isPromised && callback.contact == "done" else {
            // An earlier promise's call is on its way: only the later one is taken back.
            if isPromised {
                try db.execute(
                    sql: """
                        UPDATE contacts SET callback_at = NULL, changed_at = ? WHERE state = 'calling'
                            AND campaign_id = (SELECT id FROM campaigns WHERE name = ?)
                        """,
                    arguments: [moment, callback.campaign])
                try db.execute(
                    sql: "UPDATE callbacks SET state = 'queued', changed_at = ? WHERE id = ?", arguments: [moment, id])
            }
            return false
        }
        try db.execute(
            sql: "UPDATE callbacks SET state = 'cancelled', changed_at = ? WHERE id = ?", arguments: [moment, id])
        // Not revoked: they have not asked never to be called.
        try db.execute(
            sql: "UPDATE consents SET expires_at = ? WHERE number = ? AND source = ? AND revoked_at IS NULL",
            arguments: [moment, callback.number, callback.consentSource])
        return true
    }

    /// Promises that nobody has handed over since `moment`, the oldest first.
    package func leftPromises(since moment: Date, limit: Int = 1000) async throws(StoreError) -> [CallbackRecord] {
        try await read("list the callbacks", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: Self.callbackColumns
                    + " WHERE callbacks.state = 'promised' AND callbacks.changed_at <= ? ORDER BY callbacks.changed_at LIMIT ?",
                arguments: [moment.storedMilliseconds, limit]
            ).map(CallbackRecord.init(row:))
        }
    }

    /// Whether somebody is to be called at a number anyway, for a promise that is due at `moment` or before.
    ///
    /// Not where the last attempt is on its way, or where people have paused it: nobody knows whether that one comes.
    package func hasOpenCallback(to number: String, dueBy moment: Date) async throws(StoreError) -> Bool {
        try await read("look for a callback", path) { try Self.hasOpenCallback(to: number, dueBy: moment, in: $0) }
    }

    private static func hasOpenCallback(to number: String, dueBy moment: Date, in db: SQLSession) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM callbacks LEFT JOIN campaigns ON campaigns.name = 'callback-' || callbacks.id
                    LEFT JOIN contacts ON contacts.campaign_id = campaigns.id AND contacts.number = callbacks.number
                    WHERE callbacks.number = ? AND callbacks.due_at <= ? AND (callbacks.state = 'promised'
                        OR (callbacks.state = 'queued' AND campaigns.state = 'running' AND contacts.state = 'waiting')))
                """,
            arguments: [number, moment.storedMilliseconds]) ?? false
    }

    /// Callbacks, newest first.
    ///
    /// - Parameters:
    ///   - state: only those in it; nil for all.
    ///   - limit: 1...1000.
    package func callbacks(
        in state: CallbackRecord.State? = nil, limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [CallbackRecord] {
        let cursor = cursor ?? .newest
        return try await read("list the callbacks", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: Self.callbackColumns + """
                     WHERE callbacks.state = coalesce(?1, callbacks.state)
                        AND (callbacks.promised_at < ?2 OR (callbacks.promised_at = ?2 AND callbacks.id > ?3))
                    ORDER BY callbacks.promised_at DESC, callbacks.id LIMIT ?4
                    """,
                arguments: [state?.rawValue, cursor.number, cursor.id, ListCursor.most(limit)]
            ).map(CallbackRecord.init(row:))
        }
    }

    /// - Throws: ``StoreError`` with `notFound` when there is none.
    package func callback(id: String) async throws(StoreError) -> CallbackRecord {
        try await read("look up a callback", id) { db in try Self.callback(id: id, in: db) }
    }

    private static func callback(id: String, in db: SQLSession) throws -> CallbackRecord {
        guard let row = try SQLRow.fetchOne(db, sql: callbackColumns + " WHERE callbacks.id = ?", arguments: [id])
        else {
            throw StoreError(.notFound, operation: "look up a callback", subject: id, detail: "there is none")
        }
        return try CallbackRecord(row: row)
    }

    /// Forgets promises, with whom they called, and messages of calls that began before `moment`. Promises that are still to be
    /// kept stay, and so do those whose last call was later.
    static func deleteCallbacks(before moment: Date, in db: SQLSession) throws {
        let moment = moment.storedMilliseconds
        let over = """
            callbacks.promised_at < ?1 AND NOT (callbacks.state = 'promised' AND callbacks.due_at >= ?1) AND NOT EXISTS (
                SELECT 1 FROM campaigns JOIN contacts ON contacts.campaign_id = campaigns.id
                WHERE campaigns.name = 'callback-' || callbacks.id AND (contacts.state <> 'done' OR contacts.changed_at >= ?1))
            """
        // What was revoked stays: it forbids calls.
        try db.execute(
            sql: """
                DELETE FROM consents WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM callbacks WHERE
                    callbacks.number = consents.number
                    AND consents.source = '\(CallbackRecord.consentPrefix)' || callbacks.call_id AND \(over))
                """,
            arguments: [moment])
        let gone = try SQLRow.fetchAll(db, sql: "SELECT id FROM callbacks WHERE \(over)", arguments: [moment])
        for row in gone {
            let id: String = row["id"]
            try db.execute(sql: "DELETE FROM campaigns WHERE name = ?", arguments: [CallbackRecord.campaign(of: id)])
            try db.execute(sql: "DELETE FROM callbacks WHERE id = ?", arguments: [id])
        }
        try db.execute(sql: "DELETE FROM voicemails WHERE begun_at < ?", arguments: [moment])
    }
}
