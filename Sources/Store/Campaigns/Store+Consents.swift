package import Foundation

/// A part of all consents.
package struct ConsentPage: Sendable, Equatable {
    package var consents: [ConsentRecord]
    /// For the page after it; nil on the last one. It names nobody: a moment, and how many of that moment were told.
    package var next: ListCursor?
}

extension Store {
    /// Consents, those that were given last first, the revoked ones too.
    ///
    /// - Parameter limit: 1...1000.
    package func consents(
        limit: Int = 100, after cursor: ListCursor? = nil
    ) async throws(StoreError) -> ConsentPage {
        let limit = min(max(limit, 1), 1000)
        let place = cursor ?? .newest
        let told = max(Int(place.id) ?? 0, 0)
        return try await read("list the consents", path) { db in
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM consents WHERE given_at <= ? ORDER BY given_at DESC, number, seller, kind
                    LIMIT ? OFFSET ?
                    """,
                arguments: [place.number, limit + 1, told])
            let consents = try rows.prefix(limit).map(ConsentRecord.init(row:))
            guard rows.count > limit, let last = consents.last else {
                return ConsentPage(consents: consents, next: nil)
            }
            let same = consents.reversed().prefix { $0.givenAt == last.givenAt }.count
            let before = last.givenAt.storedMilliseconds == place.number ? told : 0
            return ConsentPage(consents: consents, next: ListCursor(at: last.givenAt, id: "\(before + same)"))
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
