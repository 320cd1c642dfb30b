package import Foundation

extension Store {
    /// Rows of the newer database that are read at a time.
    private static let carriedAtOnce = 1000

    /// Takes over from a newer database what must not be undone by going back to an older one: who must not be called, consents
    /// and keys that were revoked, accounts that were removed or got another password, agents that were stopped, and erasures of people. What was
    /// there already stays, and nothing becomes allowed by it; done again it changes nothing.
    ///
    /// An erasure is known by the calls that it took. Those are deleted again, with what belongs to them, and so is what there
    /// is of the numbers that were on their other end, where that end was certainly the person.
    /// - Parameters:
    ///   - newer: the database from before, opened to be looked at. Tables that its schema lacks hold nothing.
    ///   - folder: of the recordings; nil leaves files.
    package func carryOver(
        from newer: Store, recordings folder: String?, at now: Date = Date()
    ) async throws(StoreError) -> CarriedOver {
        let tables = try await newer.read("look at the tables", newer.path) { db in
            try String.fetchSet(db, sql: db.dialect.tables)
        }
        var carried = CarriedOver()
        if tables.contains("suppressions") {
            carried.suppressions = try await carrySuppressions(from: newer)
            carried.consents = try await carryConsents(from: newer)
        }
        if tables.contains("api_keys") { carried.keys = try await carryKeys(from: newer) }
        if tables.contains("accounts") { carried.accounts = try await carryAccounts(from: newer) }
        if tables.contains("agent_stops") {
            let known = Set(try await agentStops().map(\.agent))
            for stop in try await newer.agentStops() where !known.contains(stop.agent) {
                try await self.stop(stop)
                carried.stops += 1
            }
        }
        if tables.contains("erased_calls") {
            (carried.calls, carried.files) = try await carryErasures(from: newer, recordings: folder, at: now)
        }
        if tables.contains("audit_log") { carried.erasures = try await laterErasures(in: newer) }
        return carried
    }

    private func carrySuppressions(from newer: Store) async throws(StoreError) -> Int {
        var count = 0
        var last = ["", ""]
        while true {
            let (number, list) = (last[0], last[1])
            let rows = try await newer.read("list who must not be called", newer.path) { db in
                try SQLRow.fetchAll(
                    db,
                    sql: """
                        SELECT list, number, reason, call_id, added_at FROM suppressions WHERE (number, list) > (?, ?)
                        ORDER BY number, list LIMIT \(Self.carriedAtOnce)
                        """, arguments: [number, list])
            }
            guard let end = rows.last else { break }
            last = [end["number"], end["list"]]
            count += try await write("carry over who must not be called", path, durably: true) { db in
                var new = 0
                for row in rows {
                    try db.execute(
                        sql: """
                            INSERT INTO suppressions (list, number, reason, call_id, added_at) VALUES (?, ?, ?, ?, ?)
                            ON CONFLICT (number, list) DO NOTHING
                            """,
                        arguments: [
                            row["list"] as String, row["number"] as String, row["reason"] as String,
                            row["call_id"] as String?, row["added_at"] as Int,
                        ])
                    new += db.changesCount
                }
                return new
            }
        }
        let lists = try await newer.read("list who must not be called", newer.path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT list, version, imported_at FROM suppression_lists ORDER BY list")
        }
        try await write("carry over versions of lists", path, durably: true) { db in
            for row in lists {
                try db.execute(
                    sql: """
                        INSERT INTO suppression_lists (list, version, imported_at) VALUES (?, ?, ?)
                        ON CONFLICT (list) DO UPDATE SET version = excluded.version, imported_at = excluded.imported_at
                        WHERE excluded.version > suppression_lists.version
                        """,
                    arguments: [row["list"] as String, row["version"] as String, row["imported_at"] as Int])
            }
        }
        return count
    }

    private func carryConsents(from newer: Store) async throws(StoreError) -> Int {
        let rows = try await newer.read("list the consents", newer.path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT number, seller, kind, source, given_at, expires_at, revoked_at FROM consents
                    WHERE revoked_at IS NOT NULL ORDER BY number, seller, kind
                    """)
        }
        return try await write("carry over revoked consents", path, durably: true) { db in
            var count = 0
            for row in rows {
                try db.execute(
                    sql: """
                        INSERT INTO consents (number, seller, kind, source, given_at, expires_at, revoked_at, place)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (number, seller, kind) DO UPDATE SET revoked_at = excluded.revoked_at
                        WHERE consents.revoked_at IS NULL
                        """,
                    arguments: [
                        row["number"] as String, row["seller"] as String, row["kind"] as String,
                        row["source"] as String, row["given_at"] as Int, row["expires_at"] as Int?,
                        row["revoked_at"] as Int, ConsentRecord.newPlace(),
                    ])
                count += db.changesCount
            }
            return count
        }
    }

    private func carryKeys(from newer: Store) async throws(StoreError) -> Int {
        let rows = try await newer.read("list the keys", newer.path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT id, revoked_at FROM api_keys WHERE revoked_at IS NOT NULL ORDER BY id")
        }
        return try await write("carry over revoked keys", path, durably: true) { db in
            var count = 0
            for row in rows {
                let moment: Int = row["revoked_at"]
                try db.execute(
                    sql: """
                        UPDATE api_keys SET revoked_at = ? WHERE id = ? AND (revoked_at IS NULL OR revoked_at > ?)
                        """, arguments: [moment, row["id"] as String, moment])
                count += db.changesCount
            }
            return count
        }
    }

    /// Only of those that the backup has: who was added since is added again by somebody.
    private func carryAccounts(from newer: Store) async throws(StoreError) -> Int {
        let rows = try await newer.read("list the accounts", newer.path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT name, scope, salt, hash, cost, created_at, changed_at, removed_at FROM accounts ORDER BY name
                    """)
        }
        return try await write("carry over accounts", path, durably: true) { db in
            var count = 0
            for row in rows {
                let (changed, removed) = (row["changed_at"] as Int, row["removed_at"] as Int?)
                try db.execute(
                    sql: """
                        UPDATE accounts SET scope = ?, salt = ?, hash = ?, cost = ?, created_at = ?, changed_at = ?,
                            removed_at = ?
                        WHERE name = ? AND (changed_at < ? OR (changed_at = ? AND removed_at IS NULL AND ? <> 0))
                        """,
                    arguments: [
                        row["scope"] as String, row["salt"] as Data, row["hash"] as Data, row["cost"] as Int,
                        row["created_at"] as Int, changed, removed, row["name"] as String, changed, changed,
                        removed ?? 0,
                    ])
                count += db.changesCount
            }
            return count
        }
    }

    /// - Returns: how many calls and files.
    private func carryErasures(
        from newer: Store, recordings folder: String?, at now: Date
    ) async throws(StoreError) -> (calls: Int, files: Int) {
        let erased = try await newer.read("list the erased calls", newer.path) { db in
            try String.fetchSet(db, sql: "SELECT call_id FROM erased_calls")
        }
        let new = try await read("list the erased calls", path) { db in
            let known = try String.fetchSet(db, sql: "SELECT call_id FROM erased_calls")
            return erased.subtracting(known).sorted()
        }
        guard !new.isEmpty else { return (0, 0) }
        let scopes = try await read("look for erased people", path) { db in try PersonScope.all(ofErased: new, in: db) }
        let present = Set(scopes.flatMap(\.calls))
        var files = 0
        for id in present.union(new).sorted() { files += try await deleteFiles(ofCall: id, in: folder) }
        let calls = try await write("erase people again", path, durably: true) { db in
            let before = try Int.fetchOne(db, sql: "SELECT count(*) FROM calls") ?? 0
            for scope in scopes {
                var erasure = PersonErasure(receipt: "", rows: [:], files: 0, kept: [], mentions: [])
                try Self.erase(scope, &erasure, in: db)
            }
            for id in present.union(new) {
                try db.execute(
                    sql: """
                        INSERT INTO erased_calls (call_id, erased_at) VALUES (?, ?) ON CONFLICT (call_id) DO NOTHING
                        """,
                    arguments: [id, now.storedMilliseconds])
            }
            let left = try Int.fetchOne(db, sql: "SELECT count(*) FROM calls") ?? 0
            return before - left
        }
        try await forgetDeletedWords(begins: true)
        return (calls, files)
    }

    /// How many people were erased in the newer database and not in this one, by the receipts.
    private func laterErasures(in newer: Store) async throws(StoreError) -> Int {
        let receipts = "SELECT subject FROM audit_log WHERE act = 'person erase' AND outcome = 'done'"
        let later = try await newer.read("read the audit log", newer.path) { db in
            try String.fetchSet(db, sql: receipts)
        }
        return try await read("read the audit log", path) { db in
            let known = try String.fetchSet(db, sql: receipts)
            return later.subtracting(known).count
        }
    }
}
