package import Foundation

extension Store {
    /// Adds somebody who signs in with a password.
    ///
    /// - Throws: ``StoreError`` with `rejected` when the name is taken.
    package func add(_ account: AccountRecord, audit: AuditDraft? = nil) async throws(StoreError) {
        try await write("add an account", account.name, durably: true) { db in
            try db.execute(
                sql: """
                    INSERT INTO accounts (name, scope, salt, hash, cost, created_at, changed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET scope = excluded.scope, salt = excluded.salt,
                        hash = excluded.hash, cost = excluded.cost, created_at = excluded.created_at,
                        changed_at = excluded.changed_at, last_used_at = NULL, removed_at = NULL
                    WHERE accounts.removed_at IS NOT NULL
                    """,
                arguments: [
                    account.name, account.scope.rawValue, account.password.salt, account.password.digest,
                    account.password.cost, account.createdAt.storedMilliseconds, account.changedAt.storedMilliseconds,
                ])
            guard db.changesCount > 0 else {
                throw StoreError(
                    .rejected, operation: "add an account", subject: account.name, detail: "the name is taken")
            }
            if let audit { try Self.append(audit, in: db) }
        }
    }

    /// All of them, by name.
    ///
    /// - Parameter limit: 1001 at most; nil for all.
    package func accounts(
        limit: Int? = nil, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> [AccountRecord] {
        try await read("list the accounts", path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM accounts WHERE removed_at IS NULL AND name > ? ORDER BY name LIMIT ?",
                arguments: [cursor?.id ?? "", limit.map(ListCursor.most) ?? Int.max]
            ).map(AccountRecord.init(row:))
        }
    }

    package func account(_ name: String) async throws(StoreError) -> AccountRecord? {
        try await read("find an account", name) { db in
            try SQLRow.fetchOne(
                db, sql: "SELECT * FROM accounts WHERE name = ? AND removed_at IS NULL", arguments: [name]
            ).map(AccountRecord.init(row:))
        }
    }

    /// Whether there ever was a key, or somebody who signs in with a password: taking the last one away must not open the
    /// doors to everybody.
    package func hasDoors() async throws(StoreError) -> Bool {
        try await read("look for keys", path) { db in
            try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM api_keys) OR EXISTS (SELECT 1 FROM accounts)")
                ?? false
        }
    }

    /// - Parameter known: since when the password is what it is as far as is known; nil sets another one whatever it is.
    /// - Throws: ``StoreError`` with `notFound` when nobody has this name, or not that password any more.
    package func setPassword(
        of name: String, _ password: PasswordHash, at moment: Date, since known: Date? = nil, audit: AuditDraft? = nil
    ) async throws(StoreError) {
        try await change("set a password", of: name, audit) { db in
            try db.execute(
                sql: """
                    UPDATE accounts SET salt = ?, hash = ?, cost = ?, changed_at = ?
                    WHERE name = ? AND removed_at IS NULL AND changed_at = coalesce(?, changed_at)
                    """,
                arguments: [
                    password.salt, password.digest, password.cost, moment.storedMilliseconds, name,
                    known?.storedMilliseconds,
                ])
        }
    }

    /// The name is free again; the row stays, see ``hasDoors()``.
    ///
    /// - Throws: ``StoreError`` with `notFound` when nobody has this name.
    package func removeAccount(
        _ name: String, at moment: Date, audit: AuditDraft? = nil
    ) async throws(StoreError) {
        try await change("remove an account", of: name, audit) { db in
            try db.execute(
                sql: "UPDATE accounts SET removed_at = ? WHERE name = ? AND removed_at IS NULL",
                arguments: [moment.storedMilliseconds, name])
        }
    }

    /// Remembers that somebody signed in.
    package func usedAccount(_ name: String, at moment: Date) async throws(StoreError) {
        try await write("note the use of an account", name) { db in
            try db.execute(
                sql: "UPDATE accounts SET last_used_at = ? WHERE name = ?",
                arguments: [moment.storedMilliseconds, name])
        }
    }

    private func change(
        _ act: String, of name: String, _ audit: AuditDraft?,
        _ statement: @escaping @Sendable (SQLSession) throws -> Void
    ) async throws(StoreError) {
        try await write(act, name, durably: true) { db in
            try statement(db)
            guard db.changesCount > 0 else {
                throw StoreError(.notFound, operation: act, subject: name, detail: "nobody has this name")
            }
            if let audit { try Self.append(audit, in: db) }
        }
    }
}
