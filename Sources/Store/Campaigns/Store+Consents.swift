package import Foundation

/// A part of all consents.
package struct ConsentPage: Sendable, Equatable {
    package var consents: [ConsentRecord]
    /// For the page after it; nil on the last one. It names nobody: a moment, and a place of its own.
    package var next: ListCursor?
}

extension Store {
    /// Consents, those that were given last first, the revoked ones too. What is given or goes between two pages moves no
    /// other one from the one to the other.
    ///
    /// - Parameter limit: 1...1000.
    package func consents(
        limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> ConsentPage {
        let limit = min(max(limit, 1), 1000)
        let cursor = cursor ?? .newest
        return try await read("list the consents", path) { db in
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM consents WHERE given_at <= ?1 AND (given_at < ?1 OR place > ?2)
                    ORDER BY given_at DESC, place LIMIT ?3
                    """,
                arguments: [cursor.number, cursor.id, limit + 1])
            let consents = try rows.prefix(limit).map(ConsentRecord.init(row:))
            guard rows.count > limit, let last = consents.last else {
                return ConsentPage(consents: consents, next: nil)
            }
            return ConsentPage(
                consents: consents, next: ListCursor(at: last.givenAt, id: rows[limit - 1]["place"]))
        }
    }

    /// What stands for a consent where it must not be told whose it is; nil when there is no such consent.
    package func consentPlace(
        of number: String, seller: String, kind: ConsentRecord.Kind
    ) async throws(StoreError) -> String? {
        try await read("look up a consent", seller) { db in
            try String.fetchOne(
                db, sql: "SELECT place FROM consents WHERE number = ? AND seller = ? AND kind = ?",
                arguments: [number, seller, kind.rawValue])
        }
    }

    /// Somebody takes back that a business may call them. The consent stays, as a revoked one, and forbids calls; said
    /// again, the first moment stays.
    ///
    /// - Returns: false when there is no such consent.
    package func revokeConsent(
        of number: String, seller: String, kind: ConsentRecord.Kind, at now: Date
    ) async throws(StoreError) -> Bool {
        try await write("revoke a consent", seller, durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE consents SET revoked_at = coalesce(revoked_at, ?)
                    WHERE number = ? AND seller = ? AND kind = ?
                    """,
                arguments: [now.storedMilliseconds, number, seller, kind.rawValue])
            return db.changesCount > 0
        }
    }
}
