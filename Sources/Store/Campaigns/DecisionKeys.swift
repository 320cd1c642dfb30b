import Foundation

/// What decisions to call are signed with, and what older ones were.
///
/// A signature is `1:KEY:CODE`: the id of the key and, by it, the HMAC-SHA256 of the mark `parley decision 1` and the attempt's id,
/// campaign, contact, number, caller id, agent, moment in milliseconds since 1970 and decision as it is stored; each as its length in
/// bytes, a colon and its UTF-8, numbers in decimal digits.
package struct DecisionKeys: Sendable {
    private static let form = "1"

    private let current: DecisionKey?
    private let known: [String: DecisionKey]

    /// - Parameters:
    ///   - current: signs new decisions; nil leaves them unsigned.
    ///   - earlier: what was signed with them can still be checked.
    package init(current: DecisionKey? = nil, earlier: [DecisionKey] = []) {
        self.current = current
        known = Dictionary((earlier + (current.map { [$0] } ?? [])).map { ($0.id, $0) }) { $1 }
    }

    /// - Returns: nil without a key.
    package func signature(of attempt: AttemptRecord) -> String? {
        current.map { "\(Self.form):\($0.id):\($0.code(of: Self.text(of: attempt)))" }
    }

    /// Whether an attempt's record is what was signed.
    package func verdict(on attempt: AttemptRecord) -> DecisionVerdict {
        guard let signature = attempt.signature else { return .unsigned }
        let parts = signature.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == Self.form else { return .unreadable }
        guard let key = known[parts[1]] else { return .unknownKey(parts[1]) }
        return key.code(of: Self.text(of: attempt)) == parts[2] ? .holds(key: key.id) : .changed(key: key.id)
    }

    private static func text(of attempt: AttemptRecord) -> Data {
        let fields = [
            "parley decision 1", attempt.id, attempt.campaignID, "\(attempt.contactID)", attempt.number,
            attempt.callerID, attempt.agent, "\(attempt.intendedAt.storedMilliseconds)", attempt.decision,
        ]
        var text = Data()
        for field in fields {
            text += Data("\(field.utf8.count):".utf8)
            text += Data(field.utf8)
        }
        return text
    }
}
