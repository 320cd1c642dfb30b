package import Foundation

extension Store {
    private static let voicemailColumns = """
        SELECT voicemails.*, calls.started_at AS started_at, calls.recording_path AS recording_path
        FROM voicemails LEFT JOIN calls ON calls.id = voicemails.call_id
        """

    /// Keeps a call's message as far as it goes; what is whole stays whole.
    ///
    /// - Parameter announce: what others are told of one that is whole.
    package func keep(
        _ message: VoicemailRecord,
        announcing announce: @escaping @Sendable (VoicemailRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) {
        try await write("keep a message", message.callID, durably: true) { db in
            try db.execute(
                sql: """
                    INSERT INTO voicemails (call_id, number, words, reason, state, begun_at, ended_at)
                    VALUES (?, ?, ?, ?, 'taking', ?, ?)
                    ON CONFLICT (call_id) DO UPDATE SET words = excluded.words, ended_at = excluded.ended_at
                    """,
                arguments: [
                    message.callID, message.number, message.words, message.reason,
                    message.begunAt.storedMilliseconds, message.endedAt.storedMilliseconds,
                ])
            if message.state == .new { try Self.finishVoicemail(call: message.callID, announce, in: db) }
        }
    }

    /// The call is over: a message that was still being taken is all there is.
    package func finishVoicemail(
        call id: String,
        announcing announce: @escaping @Sendable (VoicemailRecord) -> [WebhookDraft] = { _ in [] }
    ) async throws(StoreError) {
        try await write("finish a message", id, durably: true) { db in
            try Self.finishVoicemail(call: id, announce, in: db)
        }
    }

    /// Calls whose message is still being taken although they are over, or their process must be.
    ///
    /// - Parameter moment: a message that has not grown since then is whole.
    package func abandonedVoicemails(before moment: Date) async throws(StoreError) -> [String] {
        try await read("look for messages", path) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT voicemails.call_id FROM voicemails LEFT JOIN calls ON calls.id = voicemails.call_id
                    WHERE voicemails.state = 'taking' AND (calls.ended_at IS NOT NULL OR voicemails.ended_at < ?)
                    """,
                arguments: [moment.storedMilliseconds])
        }
    }

    private static func finishVoicemail(
        call id: String, _ announce: (VoicemailRecord) -> [WebhookDraft], in db: SQLSession
    ) throws {
        try db.execute(
            sql: "UPDATE voicemails SET state = 'new' WHERE call_id = ? AND state = 'taking'", arguments: [id])
        guard db.changesCount == 1 else { return }
        try Self.announce(announce(try voicemail(call: id, in: db)), in: db)
    }

    /// Messages, newest first.
    ///
    /// - Parameters:
    ///   - state: only those in it; nil for all.
    ///   - limit: 1...1000.
    package func voicemails(
        in state: VoicemailRecord.State? = nil, limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [VoicemailRecord] {
        let cursor = cursor ?? .newest
        return try await read("list the messages", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: Self.voicemailColumns + """
                     WHERE voicemails.state = coalesce(?1, voicemails.state)
                        AND (voicemails.begun_at < ?2 OR (voicemails.begun_at = ?2 AND voicemails.call_id > ?3))
                    ORDER BY voicemails.begun_at DESC, voicemails.call_id LIMIT ?4
                    """,
                arguments: [state?.rawValue, cursor.number, cursor.id, ListCursor.most(limit)]
            ).map(VoicemailRecord.init(row:))
        }
    }

    /// - Throws: ``StoreError`` with `notFound` when the call has none.
    package func voicemail(call id: String) async throws(StoreError) -> VoicemailRecord {
        try await read("look up a message", id) { db in try Self.voicemail(call: id, in: db) }
    }

    /// Somebody has listened to it. Said again, it stays the first one's.
    ///
    /// - Throws: ``StoreError`` with `notFound` when the call has none.
    package func markHeard(voicemail id: String, by person: String, at now: Date) async throws(StoreError)
        -> VoicemailRecord
    {
        try await write("mark a message as heard", id) { db in
            try db.execute(
                sql: """
                    UPDATE voicemails SET state = 'heard', heard_by = ?, heard_at = ? WHERE call_id = ? AND state <> 'heard'
                    """,
                arguments: [person, now.storedMilliseconds, id])
            return try Self.voicemail(call: id, in: db)
        }
    }

    private static func voicemail(call id: String, in db: SQLSession) throws -> VoicemailRecord {
        guard
            let row = try SQLRow.fetchOne(db, sql: voicemailColumns + " WHERE voicemails.call_id = ?", arguments: [id])
        else {
            throw StoreError(.notFound, operation: "look up a message", subject: id, detail: "the call has none")
        }
        return try VoicemailRecord(row: row)
    }
}
