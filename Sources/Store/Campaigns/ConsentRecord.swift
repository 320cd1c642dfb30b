package import Foundation

/// That somebody agreed to be called by a business.
package struct ConsentRecord: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Said or written, for calls that sell nothing.
        case express
        /// Signed, with all that the law wants on it: also for telemarketing.
        case written
    }

    /// E.164
    package var number: String
    package var seller: String
    package var kind: Kind
    /// Where the proof is: a form, a recording, an address.
    package var source: String
    package var givenAt: Date
    package var expiresAt: Date?
    package var revokedAt: Date?

    package init(
        number: String, seller: String, kind: Kind, source: String, givenAt: Date, expiresAt: Date? = nil,
        revokedAt: Date? = nil
    ) {
        self.number = number
        self.seller = seller
        self.kind = kind
        self.source = source
        self.givenAt = givenAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    /// Where a new one stands among those that were given at one moment: behind those that are stored already.
    static func newPlace() -> String {
        let stored = UInt64(Date().timeIntervalSince1970 * 1_000_000)
        return String(stored, radix: 16) + "-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
    }

    init(row: SQLRow) throws {
        self.init(
            number: row["number"], seller: row["seller"], kind: try row.word("kind"), source: row["source"],
            givenAt: Date(storedMilliseconds: row["given_at"]), expiresAt: row.date("expires_at"),
            revokedAt: row.date("revoked_at"))
    }
}
