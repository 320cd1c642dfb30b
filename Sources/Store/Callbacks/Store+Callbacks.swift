package import Foundation

extension Store {
    private static let callbackColumns = """
        SELECT callbacks.*, contacts.state AS contact, contacts.outcome AS outcome, contacts.attempts AS attempts
        FROM callbacks LEFT JOIN campaigns ON campaigns.name = 'callback-' || callbacks.id
        LEFT JOIN contacts ON contacts.campaign_id = campaigns.id AND contacts.number = callbacks.number
        """

    /// Stores a promise. Of one call one number has one: a later one takes its place.
    ///
    /// - Returns: as it is stored, with the id of the first one.
    package func promise(_ callback: CallbackRecord) async throws(StoreError) -> CallbackRecord {
        try await write("promise a callback", callback.callID, durably: true) { db in
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
    }

    /// Plans a waiting contact's next attempt for the moment that was promised.
    package func plan(contact id: Int, callAt moment: Date, at now: Date) async throws(StoreError) {
        try await write("plan a callback", "\(id)", durably: true) { db in
            try db.execute(
                sql:
                    "UPDATE contacts SET callback_at = ?, next_at = ?, changed_at = ? WHERE id = ? AND state = 'waiting'",
                arguments: [moment.storedMilliseconds, moment.storedMilliseconds, now.storedMilliseconds, id])
        }
    }

    /// A promised callback is in the hands of those who place calls, or is none any more.
    ///
    /// - Parameter announce: what others are told of it.
    package func settle(
        callback id: String, _ state: CallbackRecord.State, at now: Date,
        announcing announce: @escaping @Sendable (CallbackRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) {
        try await write("settle a callback", id, durably: true) { db in
            try db.execute(
                sql: "UPDATE callbacks SET state = ?, changed_at = ? WHERE id = ? AND state = 'promised'",
                arguments: [state.rawValue, now.storedMilliseconds, id])
            guard db.changesCount == 1 else { return }
            try Self.announce(announce(try Self.callback(id: id, in: db)), in: db)
        }
    }

    /// Takes a promise back, unless its call is on its way or over.
    ///
    /// - Returns: false when it is.
    package func cancel(callback id: String, at now: Date) async throws(StoreError) -> Bool {
        try await write("cancel a callback", id, durably: true) { db in
            let callback = try Self.callback(id: id, in: db)
            guard callback.state != .cancelled else { return true }
            try db.execute(
                sql: """
                    UPDATE contacts SET state = 'done', outcome = 'cancelled', changed_at = ? WHERE state = 'waiting'
                        AND campaign_id = (SELECT id FROM campaigns WHERE name = ?)
                    """,
                arguments: [now.storedMilliseconds, callback.campaign])
            guard db.changesCount > 0 || callback.contact == nil else { return false }
            try db.execute(
                sql: "UPDATE callbacks SET state = 'cancelled', changed_at = ? WHERE id = ?",
                arguments: [now.storedMilliseconds, id])
            return true
        }
    }

    /// Callbacks, newest first.
    ///
    /// - Parameters:
    ///   - state: only those in it; nil for all.
    ///   - limit: 1...1000.
    package func callbacks(
        in state: CallbackRecord.State? = nil, limit: Int = 100
    ) async throws(StoreError) -> [CallbackRecord] {
        try await read("list the callbacks", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: Self.callbackColumns
                    + " WHERE callbacks.state = coalesce(?, callbacks.state) ORDER BY callbacks.promised_at DESC, callbacks.id LIMIT ?",
                arguments: [state?.rawValue, min(max(limit, 1), 1000)]
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

    /// Forgets promises and messages of calls that began before `moment`.
    static func deleteCallbacks(before moment: Date, in db: SQLSession) throws {
        try db.execute(
            sql: "DELETE FROM callbacks WHERE promised_at < ?", arguments: [moment.storedMilliseconds])
        try db.execute(sql: "DELETE FROM voicemails WHERE begun_at < ?", arguments: [moment.storedMilliseconds])
    }
}
