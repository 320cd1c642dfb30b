package import Foundation
import GRDB

/// Which calls a list shows. What is nil does not matter.
package struct CallFilter: Sendable, Equatable {
    package var agent: String?
    package var direction: CallRecord.Direction?
    package var outcome: String?
    /// Calls that began at this moment or later.
    package var since: Date?
    /// Calls that began before this moment.
    package var before: Date?
    /// Only calls that have ended, or only those that have not.
    package var hasEnded: Bool?
    /// Words that somebody said in one turn of the call, of the last one at least its beginning; or a part of a number or of
    /// the call's id.
    package var text: String?

    package init(
        agent: String? = nil, direction: CallRecord.Direction? = nil, outcome: String? = nil, since: Date? = nil,
        before: Date? = nil, hasEnded: Bool? = nil, text: String? = nil
    ) {
        self.agent = agent
        self.direction = direction
        self.outcome = outcome
        self.since = since
        self.before = before
        self.hasEnded = hasEnded
        self.text = text
    }

    /// What follows the first condition of a query on `calls`.
    var condition: String {
        var parts: [String] = []
        if agent != nil { parts.append("agent = ?") }
        if direction != nil { parts.append("direction = ?") }
        if outcome != nil { parts.append("outcome = ?") }
        if since != nil { parts.append("started_at >= ?") }
        if before != nil { parts.append("started_at < ?") }
        if let hasEnded { parts.append("ended_at IS \(hasEnded ? "NOT NULL" : "NULL")") }
        if text != nil {
            parts.append(
                """
                (instr(id, ?) OR instr(caller, ?) OR instr(callee, ?) OR id IN (SELECT call_id FROM turns
                WHERE turns.id IN (SELECT rowid FROM turn_words WHERE turn_words MATCH ?)))
                """)
        }
        return parts.map { " AND " + $0 }.joined()
    }

    /// The values of ``condition``, in its order.
    var arguments: StatementArguments {
        var values: [(any DatabaseValueConvertible)?] = [
            agent, direction?.rawValue, outcome, since?.storedMilliseconds, before?.storedMilliseconds,
        ]
        // What has no word in it is in no turn; NULL would match nothing as well, but is dropped below.
        if let text { values += [text, text, text, WordQuery(text)?.match ?? "\"\""] }
        return StatementArguments(values.compactMap(\.self))
    }
}
