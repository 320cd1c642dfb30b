extension Store {
    /// Calls, newest first.
    ///
    /// - Parameters:
    ///   - filter: which calls.
    ///   - limit: calls per page, 1...1000.
    ///   - cursor: ``CallPage/next`` of the page before; `nil` for the newest.
    package func calls(
        matching filter: CallFilter = CallFilter(), limit: Int = 20, after cursor: CallCursor? = nil
    ) async throws(StoreError) -> CallPage {
        let limit = min(max(limit, 1), 1000)
        let cursor = cursor ?? CallCursor(startedAt: .max, id: "")
        return try await read("list the calls", path) { db in
            // One more than asked tells whether another page follows.
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM calls WHERE (started_at, id) < (?, ?)\(filter.condition(db.dialect))
                    ORDER BY started_at DESC, id DESC LIMIT ?
                    """,
                arguments: [cursor.startedAt, cursor.id] + filter.arguments(db.dialect) + [limit + 1])
            let calls = try rows.prefix(limit).map { try CallRecord(row: $0) }
            return CallPage(
                calls: calls, next: rows.count > limit ? calls.last.map(CallCursor.init(after:)) : nil,
                hits: try Self.hits(of: filter.text, in: calls.map(\.id), db))
        }
    }

    /// The call with everything that belongs to it.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is no call with exactly this id.
    package func story(ofCall id: String) async throws(StoreError) -> CallStory {
        try await read("show a call", id) { db in
            guard let call = try SQLRow.fetchOne(db, sql: "SELECT * FROM calls WHERE id = ?", arguments: [id]) else {
                throw StoreError(.notFound, operation: "show a call", subject: id, detail: "there is no such call")
            }
            return CallStory(
                call: try CallRecord(row: call),
                turns: try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM turns WHERE call_id = ? ORDER BY started, number, speaker DESC, part",
                    arguments: [id]
                ).map { try TurnRecord(row: $0) },
                tools: try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM tools WHERE call_id = ? ORDER BY started, invocation_id", arguments: [id]
                ).map(ToolRecord.init(row:)),
                recordings: try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM recordings WHERE call_id = ? ORDER BY path", arguments: [id]
                ).map { try RecordingRecord(row: $0) },
                incidents: try SQLRow.fetchAll(
                    db, sql: "SELECT * FROM incidents WHERE call_id = ? ORDER BY happened_at, id", arguments: [id]
                ).map(IncidentRecord.init(row:)),
                journalCount: try Self.journalCount(ofCall: id, in: db))
        }
    }

    /// The one call whose id begins with `prefix`.
    ///
    /// - Throws: ``StoreError`` with `notFound`, or `ambiguous` naming some of those that fit.
    package func callID(withPrefix prefix: String) async throws(StoreError) -> String {
        try await read("find a call", prefix) { db in
            let fitting = try String.fetchAll(
                db, sql: "SELECT id FROM calls WHERE id >= ? AND id < ? ORDER BY id LIMIT 6",
                arguments: [prefix, prefix + "\u{10FFFF}"])
            // A whole id is meant even where longer ids begin with it.
            if fitting.count == 1 || fitting.first == prefix { return fitting[0] }
            guard !fitting.isEmpty else {
                throw StoreError(
                    .notFound, operation: "find a call", subject: prefix, detail: "no call id begins with it")
            }
            throw StoreError(
                .ambiguous, operation: "find a call", subject: prefix,
                detail: "it fits \(fitting.prefix(5).joined(separator: ", "))\(fitting.count > 5 ? " and more" : "")")
        }
    }

    /// The id of the call the carrier knows as `carrierCallID`; the newest one, should the carrier use an id twice.
    package func callID(carrier: String, carrierCallID: String) async throws(StoreError) -> String? {
        try await read("find a call", carrierCallID) { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT id FROM calls WHERE carrier = ? AND carrier_call_id = ?
                    ORDER BY started_at DESC, id DESC LIMIT 1
                    """,
                arguments: [carrier, carrierCallID])
        }
    }

    /// The newest incidents, of all calls and of none.
    ///
    /// - Parameter limit: 1...1000.
    package func incidents(
        limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [IncidentRecord] {
        let cursor = cursor ?? .newest
        return try await read("list the incidents", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM incidents WHERE (happened_at, id) < (?, ?) ORDER BY happened_at DESC, id DESC LIMIT ?
                    """,
                arguments: [cursor.number, cursor.id, ListCursor.most(limit)]
            ).map(IncidentRecord.init(row:))
        }
    }
}
