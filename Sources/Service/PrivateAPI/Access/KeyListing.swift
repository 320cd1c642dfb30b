import Foundation
package import Store

/// Keys in words and as JSON, for terminals.
package struct KeyListing: Encodable, Sendable {
    struct Key: Encodable, Sendable {
        let id: String
        let name: String
        let scope: APIKeyRecord.Scope
        let createdAt: Date
        let lastUsedAt: Date?
        let revokedAt: Date?
    }

    let keys: [Key]
    /// For `after`; nil on the last page.
    let next: String?

    package init(_ keys: [APIKeyRecord], next: String? = nil) {
        self.next = next
        self.keys = keys.map {
            Key(
                id: $0.id, name: $0.name, scope: $0.scope, createdAt: $0.createdAt, lastUsedAt: $0.lastUsedAt,
                revokedAt: $0.revokedAt)
        }
    }

    /// One line of a list.
    package static func line(_ key: APIKeyRecord) -> String {
        func when(_ moment: Date) -> String {
            moment.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
        }
        let state =
            key.revokedAt.map { "revoked \(when($0))" } ?? key.lastUsedAt.map { "last used \(when($0))" }
            ?? "never used"
        return [key.id, key.scope.rawValue, key.name, "made \(when(key.createdAt))", state].joined(separator: "  ")
    }
}
