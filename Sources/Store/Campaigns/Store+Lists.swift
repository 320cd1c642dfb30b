package import Foundation

extension Store {
    /// Puts numbers on a list of people not to call. Those that are on it stay as they are.
    package func suppress(_ records: [SuppressionRecord]) async throws(StoreError) {
        try await write("store who must not be called", "\(records.count) numbers", durably: true) { db in
            let insert = """
                INSERT INTO suppressions (list, number, reason, call_id, added_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (number, list) DO NOTHING
                """
            for record in records {
                try db.execute(
                    sql: insert,
                    arguments: [
                        record.list, record.number, record.reason, record.callID, record.addedAt.storedMilliseconds,
                    ])
            }
        }
    }

    /// The lists there are, and how many are on each.
    package func suppressionLists() async throws(StoreError) -> [SuppressionList] {
        try await read("count who must not be called", path) { db in
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT names.list AS list, versions.version AS version, versions.imported_at AS imported_at,
                        (SELECT count(*) FROM suppressions WHERE suppressions.list = names.list) AS numbers
                    FROM (SELECT list FROM suppressions UNION SELECT list FROM suppression_lists) AS names
                        LEFT JOIN suppression_lists AS versions ON versions.list = names.list
                    ORDER BY names.list
                    """)
            return rows.map { row in
                SuppressionList(
                    list: row["list"], numbers: row["numbers"],
                    version: (row["version"] as String?).flatMap(CalendarDay.init),
                    importedAt: row.date("imported_at"))
            }
        }
    }

    /// Says of which day the stored copy of a list is, after all of it was stored.
    package func setListVersion(_ list: String, _ version: CalendarDay, at now: Date) async throws(StoreError) {
        try await write("store the version of a list", list) { db in
            try db.execute(
                sql: """
                    INSERT INTO suppression_lists (list, version, imported_at) VALUES (?, ?, ?)
                    ON CONFLICT (list) DO UPDATE SET version = excluded.version, imported_at = excluded.imported_at
                    """,
                arguments: [list, version.description, now.storedMilliseconds])
        }
    }

    /// Of which day the stored copy of a list is; nil without one.
    package func listVersion(_ list: String) async throws(StoreError) -> CalendarDay? {
        try await read("look up the version of a list", list) { db in
            try String.fetchOne(db, sql: "SELECT version FROM suppression_lists WHERE list = ?", arguments: [list])
                .flatMap(CalendarDay.init)
        }
    }

    /// Stores that somebody agreed to be called. A newer one replaces an older one; one that was revoked stays revoked.
    package func store(_ consent: ConsentRecord) async throws(StoreError) {
        try await write("store a consent", consent.seller, durably: true) { db in try consent.store(in: db) }
    }

    /// Somebody said on a call that they do not want to be called: on the list, every consent revoked, and no contact of
    /// any campaign waits for them any more. One transaction, on the disk when this returns.
    package func optOut(number: String, reason: String, callID: String?, at now: Date) async throws(StoreError) {
        try await write("store an opt-out", callID ?? path, durably: true) { db in
            let moment = now.storedMilliseconds
            try db.execute(
                sql: """
                    INSERT INTO suppressions (list, number, reason, call_id, added_at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (number, list) DO NOTHING
                    """,
                arguments: [SuppressionRecord.internalList, number, reason, callID, moment])
            try db.execute(
                sql: "UPDATE consents SET revoked_at = ? WHERE number = ? AND revoked_at IS NULL",
                arguments: [moment, number])
            try db.execute(
                sql: """
                    UPDATE contacts SET state = 'done', outcome = 'opted_out', changed_at = ?
                    WHERE number = ? AND state = 'waiting'
                    """,
                arguments: [moment, number])
        }
    }
}

extension ConsentRecord {
    func store(in db: SQLSession) throws { try Self.store([self], in: db) }

    /// In few statements. Of several for one number, seller and kind the newest counts, as if they came one after the other:
    /// a statement cannot change a row twice.
    static func store(_ consents: [ConsentRecord], in db: SQLSession) throws {
        var places: [[String]: Int] = [:]
        var single: [ConsentRecord] = []
        for consent in consents {
            let key = [consent.number, consent.seller, consent.kind.rawValue]
            if let place = places[key] {
                if consent.givenAt >= single[place].givenAt { single[place] = consent }
            } else {
                places[key] = single.count
                single.append(consent)
            }
        }
        for portion in SQLValues.portions(single.count) { try insert(Array(single[portion]), in: db) }
    }

    private static func insert(_ consents: [ConsentRecord], in db: SQLSession) throws {
        var values: [any SQLConvertible] = []
        for consent in consents {
            values += [
                consent.number, consent.seller, consent.kind.rawValue, consent.source,
                consent.givenAt.storedMilliseconds, consent.expiresAt?.storedMilliseconds,
                consent.revokedAt?.storedMilliseconds, Self.newPlace(),
            ]
        }
        let rows = consents.map { _ in "(?, ?, ?, ?, ?, ?, ?, ?)" }.joined(separator: ", ")
        try db.execute(
            sql: """
                INSERT INTO consents (number, seller, kind, source, given_at, expires_at, revoked_at, place)
                VALUES \(rows)
                ON CONFLICT (number, seller, kind) DO UPDATE SET source = excluded.source, given_at = excluded.given_at,
                    expires_at = excluded.expires_at
                WHERE excluded.given_at >= consents.given_at AND consents.revoked_at IS NULL
                """,
            arguments: SQLValues(values))
    }
}
