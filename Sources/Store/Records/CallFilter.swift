package import Foundation

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
    func condition(_ dialect: SQLDialect) -> String {
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
                (\(dialect.contains("id")) OR \(dialect.contains("caller")) OR \(dialect.contains("callee"))
                OR id IN (SELECT call_id FROM turns WHERE \(dialect.turnHasWords)))
                """)
        }
        return parts.map { " AND " + $0 }.joined()
    }

    /// The values of ``condition(_:)``, in its order.
    func arguments(_ dialect: SQLDialect) -> SQLValues {
        var values: [any SQLConvertible] = []
        if let agent { values.append(agent) }
        if let direction { values.append(direction.rawValue) }
        if let outcome { values.append(outcome) }
        if let since { values.append(since.storedMilliseconds) }
        if let before { values.append(before.storedMilliseconds) }
        // What has no word in it is in no turn.
        if let text { values += [text, text, text, dialect.words(WordQuery(text))] as [any SQLConvertible] }
        return SQLValues(values)
    }
}
