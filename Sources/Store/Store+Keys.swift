package import Foundation

extension Store {
    /// Adds a key. An id that is there already is `rejected`.
    ///
    /// - Parameter audit: what the audit log says of it; written with the key, or neither is.
    package func add(_ key: APIKeyRecord, audit: AuditDraft? = nil) async throws(StoreError) {
        try await write("add a key", key.id, durably: true) { db in
            try Self.insert(key, in: db)
            if let audit { try Self.append(audit, in: db) }
        }
    }

    /// All keys, the revoked ones too, oldest first.
    ///
    /// - Parameter limit: 1001 at most; nil for all.
    package func keys(
        limit: Int? = nil, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [APIKeyRecord] {
        let cursor = cursor ?? .oldest
        return try await read("list the keys", path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM api_keys WHERE (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
                arguments: [cursor.number, cursor.id, limit.map(ListCursor.most) ?? Int.max]
            ).map(APIKeyRecord.init(row:))
        }
    }

    package func key(_ id: String) async throws(StoreError) -> APIKeyRecord? {
        try await read("find a key", id) { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM api_keys WHERE id = ?", arguments: [id])
                .map(APIKeyRecord.init(row:))
        }
    }

    /// Adds a key in another's place, which still works until `moment`, or as long as it would have anyway.
    ///
    /// - Throws: ``StoreError`` with `notFound` when there is no such key, or it was revoked before the new one was made.
    package func replaceKey(
        _ id: String, by key: APIKeyRecord, until moment: Date, audit: AuditDraft? = nil
    ) async throws(StoreError) {
        try await write("replace a key", id, durably: true) { db in
            // Somebody may have revoked it since it was looked at; then it has no heir.
            try db.execute(
                sql: """
                    UPDATE api_keys SET revoked_at = CASE WHEN revoked_at < ? THEN revoked_at ELSE ? END
                    WHERE id = ? AND (revoked_at IS NULL OR revoked_at > ?)
                    """,
                arguments: [
                    moment.storedMilliseconds, moment.storedMilliseconds, id, key.createdAt.storedMilliseconds,
                ])
            guard db.changesCount > 0 else {
                throw StoreError(
                    .notFound, operation: "replace a key", subject: id, detail: "there is no such key that works")
            }
            try Self.insert(key, in: db)
            if let audit { try Self.append(audit, in: db) }
        }
    }

    private static func insert(_ key: APIKeyRecord, in db: SQLSession) throws {
        try db.execute(
            sql: "INSERT INTO api_keys (id, name, scope, hash, created_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [key.id, key.name, key.scope.rawValue, key.hash, key.createdAt.storedMilliseconds])
    }

    /// Makes a key good for nothing. Doing it again changes nothing; one that was replaced ends now rather than later.
    ///
    /// - Parameter audit: as for ``add(_:audit:)``.
    /// - Throws: ``StoreError`` with `notFound` when there is no such key.
    package func revokeKey(_ id: String, at moment: Date, audit: AuditDraft? = nil) async throws(StoreError) {
        try await write("revoke a key", id, durably: true) { db in
            try db.execute(
                sql:
                    "UPDATE api_keys SET revoked_at = CASE WHEN revoked_at < ? THEN revoked_at ELSE ? END WHERE id = ?",
                arguments: [moment.storedMilliseconds, moment.storedMilliseconds, id])
            guard db.changesCount > 0 else {
                throw StoreError(.notFound, operation: "revoke a key", subject: id, detail: "there is no such key")
            }
            if let audit { try Self.append(audit, in: db) }
        }
    }

    /// Remembers that a key was used.
    package func usedKey(_ id: String, at moment: Date) async throws(StoreError) {
        try await write("note the use of a key", id) { db in
            try db.execute(
                sql: "UPDATE api_keys SET last_used_at = ? WHERE id = ?",
                arguments: [moment.storedMilliseconds, id])
        }
    }
}
