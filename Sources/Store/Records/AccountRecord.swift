package import Foundation

/// Somebody who signs in to the console with a password, as it is stored: everything but the password.
package struct AccountRecord: Sendable, Equatable {
    package var name: String
    package var scope: APIKeyRecord.Scope
    package var password: PasswordHash
    package var createdAt: Date
    /// Of the password. Whoever signed in before it is signed out.
    package var changedAt: Date
    /// When they last signed in; nil when they never did.
    package var lastUsedAt: Date?

    package init(
        name: String, scope: APIKeyRecord.Scope, password: PasswordHash, createdAt: Date, changedAt: Date,
        lastUsedAt: Date? = nil
    ) {
        self.name = name
        self.scope = scope
        self.password = password
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.lastUsedAt = lastUsedAt
    }

    init(row: SQLRow) throws {
        self.init(
            name: row["name"], scope: try row.word("scope"),
            password: PasswordHash(salt: row["salt"], digest: row["hash"], cost: row["cost"]),
            createdAt: Date(storedMilliseconds: row["created_at"]),
            changedAt: Date(storedMilliseconds: row["changed_at"]), lastUsedAt: row.date("last_used_at"))
    }
}
