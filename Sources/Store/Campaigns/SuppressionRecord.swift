package import Foundation

/// A number that is on a list of people not to call. Kept for ever.
package struct SuppressionRecord: Sendable, Equatable, Codable {
    /// Of this installation: who asked not to be called.
    package static let internalList = "internal"
    /// The national registry.
    package static let nationalList = "national"

    package var list: String
    /// E.164
    package var number: String
    package var reason: String
    /// In which it was said, if it was said on a call.
    package var callID: String?
    package var addedAt: Date

    package init(list: String, number: String, reason: String, callID: String? = nil, addedAt: Date) {
        self.list = list
        self.number = number
        self.reason = reason
        self.callID = callID
        self.addedAt = addedAt
    }

    init(row: SQLRow) {
        self.init(
            list: row["list"], number: row["number"], reason: row["reason"], callID: row["call_id"],
            addedAt: Date(storedMilliseconds: row["added_at"]))
    }
}
