import Networking

/// What a request did, and to whom, where its address does not say: handlers tell it, the audit log keeps it.
///
/// Never a telephone number, what makes a key or a password work, or words that somebody said or wrote.
final class ActDetail: Sendable {
    /// Ids of a list that are kept; beyond them the count tells how many there were.
    static let mostIDs = 20
    /// Characters of one value that are kept.
    static let longestValue = 200

    private let values = Lock<[String: String]>([:])

    /// What was told so far, by name.
    var all: [String: String] { values.withLock { $0 } }

    /// Said again under the same name, the last one stays.
    func tell(_ name: String, _ value: some CustomStringConvertible & Sendable) {
        let text = String(value.description.prefix(Self.longestValue))
        values.withLock { $0[name] = text }
    }

    /// A list of ids: the first ones, and how many there are.
    func tell(_ name: String, ids: [String]) {
        let text = ids.prefix(Self.mostIDs).joined(separator: " ")
        values.withLock { values in
            values[name] = text
            values[name + "Count"] = "\(ids.count)"
        }
    }
}
