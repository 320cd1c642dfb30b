package import Foundation

/// A key of the private plane as it is stored: everything but the key itself.
package struct APIKeyRecord: Sendable, Equatable {
    /// What the holder may do; each includes those before it.
    package enum Scope: String, Sendable, Codable, CaseIterable, Comparable {
        /// Looks and listens.
        case viewer
        /// Also acts on calls.
        case `operator`
        /// Also publishes agents and sets campaigns up.
        case builder
        /// Also manages keys and accounts.
        case admin

        package static func < (a: Self, b: Self) -> Bool {
            (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
        }
    }

    /// Part of the key, and no secret.
    package var id: String
    /// Who or what has it.
    package var name: String
    package var scope: Scope
    /// SHA-256 of the whole key.
    package var hash: Data
    package var createdAt: Date
    /// To the minute; nil when it never was.
    package var lastUsedAt: Date?
    /// It is good for nothing from then on.
    package var revokedAt: Date?

    package init(
        id: String, name: String, scope: Scope, hash: Data, createdAt: Date, lastUsedAt: Date? = nil,
        revokedAt: Date? = nil
    ) {
        self.id = id
        self.name = name
        self.scope = scope
        self.hash = hash
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
    }

    /// Whether it opens anything at `moment`.
    package func works(at moment: Date) -> Bool { revokedAt.map { $0 > moment } ?? true }

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], name: row["name"], scope: try row.word("scope"), hash: row["hash"],
            createdAt: Date(storedMilliseconds: row["created_at"]),
            lastUsedAt: (row["last_used_at"] as Int?).map(Date.init(storedMilliseconds:)),
            revokedAt: (row["revoked_at"] as Int?).map(Date.init(storedMilliseconds:)))
    }
}
