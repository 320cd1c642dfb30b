import Foundation
package import Store

/// Accounts in words and as JSON, without what their passwords are checked by.
package struct AccountListing: Encodable, Sendable {
    struct Account: Encodable, Sendable {
        let name: String
        let scope: APIKeyRecord.Scope
        let createdAt: Date
        let passwordChangedAt: Date
        let lastUsedAt: Date?

        init(_ record: AccountRecord) {
            (name, scope, createdAt) = (record.name, record.scope, record.createdAt)
            (passwordChangedAt, lastUsedAt) = (record.changedAt, record.lastUsedAt)
        }
    }

    let accounts: [Account]
    /// For `after`; nil on the last page.
    let next: String?

    package init(_ accounts: [AccountRecord], next: String? = nil) {
        self.accounts = accounts.map(Account.init)
        self.next = next
    }

    /// One line of a list.
    package static func line(_ account: AccountRecord) -> String {
        func when(_ moment: Date) -> String {
            moment.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
        }
        let use = account.lastUsedAt.map { "last signed in \(when($0))" } ?? "never signed in"
        return [account.name, account.scope.rawValue, "password of \(when(account.changedAt))", use]
            .joined(separator: "  ")
    }
}
