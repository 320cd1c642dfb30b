import Foundation

/// A place in the list of calls, newest first. Opaque to whoever carries it from page to page.
package struct CallCursor: Sendable, Equatable, LosslessStringConvertible {
    /// Milliseconds since 1970.
    let startedAt: Int
    let id: String

    init(startedAt: Int, id: String) {
        self.startedAt = startedAt
        self.id = id
    }

    /// The place right after `call`.
    package init(after call: CallRecord) {
        self.init(startedAt: call.startedAt.storedMilliseconds, id: call.id)
    }

    /// Reads what ``description`` wrote; `nil` for anything else.
    package init?(_ description: String) {
        let parts = description.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let startedAt = Int(parts[0]), !parts[1].isEmpty else { return nil }
        self.init(startedAt: startedAt, id: String(parts[1]))
    }

    package var description: String { "\(startedAt)~\(id)" }
}
