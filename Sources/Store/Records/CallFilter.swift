package import Foundation

/// Which calls a list shows, and which are counted. What is nil does not matter.
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
    /// Calls that ended at this moment or later.
    package var endedSince: Date?
    /// Calls on which one of these went wrong so often, or more often; see ``CallOutcome/faults``. Reviews that were rejected
    /// are among them.
    package var faults: [String: Int]?
    /// Words that somebody said in one turn of the call, of the last one at least its beginning; or a part of a number or of
    /// the call's id.
    package var text: String?
    /// The hash of an agent's version.
    package var version: String?
    /// The number on our side: the one that was called, or that we called from.
    package var number: String?
    /// ISO 639-1.
    package var language: String?
    /// Calls that this campaign placed.
    package var campaign: String?
    /// Calls of an attempt of a campaign that ended so.
    package var attempt: String?
    package var resolution: CallResolution?
    package var endReason: String?
    /// Calls that were on the line at this moment.
    package var at: Date?
    /// Calls with a turn that was answered after so long, in microseconds, or later.
    package var slower: Int?
    /// Calls on which the agent fell silent so long after a caller's first sound over it, in milliseconds, or later.
    package var yieldSlower: Int?
    /// Calls that have ended and lasted so many seconds, or longer.
    package var longer: Int?
    package var feature: CallFeature?
    /// Only calls of their own, or only those that are a part of another one, as the call to a person who is put through to.
    package var isOwn: Bool?
    /// Calls of which a price is known in this currency.
    package var currency: String?
    /// Calls whose scorecard has fewer points than this.
    package var scoreBelow: Int?
    /// Calls whose scorecard has so many points, or more.
    package var scoreAtLeast: Int?
    /// Calls that this scorecard was for, by its name.
    package var card: String?
    /// Calls that a scorecard judged by this criterion; with ``standing`` only those that stand so.
    package var criterion: String?
    /// What became of ``criterion``, or of any criterion without one: `pass`, `fail` …
    package var standing: String?
    /// Only calls on which ``criterion``, or any criterion without one, passed or failed, or only those on which it is open:
    /// nobody has judged, or nothing was proven.
    package var isJudged: Bool?

    /// Calls that were filed under this.
    package var disposition: String?
    /// Words of what was written down of the call, in any order; of each the beginning is enough.
    package var summary: String?

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

    /// When a call left the line, or would have if it had lasted as long as calls do.
    static let lineEnd = """
        CASE WHEN ended_at IS NULL OR ended_at > started_at + \(Store.longestCall)
        THEN started_at + \(Store.longestCall) ELSE ended_at END
        """

    /// What ends without a resolution is another call's.
    static let own = "(resolution IS NOT NULL OR ended_at IS NULL)"

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
        if version != nil { parts.append("agent_version = ?") }
        if number != nil { parts.append("CASE direction WHEN 'inbound' THEN callee ELSE caller END = ?") }
        if language != nil { parts.append("language = ?") }
        if campaign != nil {
            parts.append(
                """
                id IN (SELECT attempts.call_id FROM attempts JOIN campaigns ON campaigns.id = attempts.campaign_id
                WHERE campaigns.name = ? AND attempts.call_id IS NOT NULL)
                """)
        }
        if attempt != nil {
            parts.append("id IN (SELECT call_id FROM attempts WHERE outcome = ? AND call_id IS NOT NULL)")
        }
        if resolution != nil { parts.append("resolution = ?") }
        if endReason != nil { parts.append("end_reason = ?") }
        if at != nil { parts.append("started_at > ? AND started_at <= ? AND \(Self.lineEnd) > ?") }
        if slower != nil { parts.append("EXISTS (SELECT 1 FROM turns WHERE turns.call_id = calls.id AND total >= ?)") }
        if yieldSlower != nil {
            parts.append(
                """
                yield_latencies IS NOT NULL AND EXISTS (
                    SELECT 1 FROM \(dialect.elements(ofJSON: "calls.yield_latencies", as: "one"))
                    WHERE CAST(one.value AS BIGINT) >= ?)
                """)
        }
        if longer != nil { parts.append("ended_at IS NOT NULL AND duration / 8000 >= ?") }
        if let feature { parts.append(feature.condition(dialect)) }
        if endedSince != nil { parts.append("ended_at >= ?") }
        if let faults { parts.append(Self.condition(ofFaults: faults, dialect)) }
        if let isOwn { parts.append(isOwn ? Self.own : "resolution IS NULL AND ended_at IS NOT NULL") }
        if currency != nil {
            parts.append(
                "\(CallFeature.priced.condition(dialect)) AND \(dialect.member("currency", ofJSON: "cost")) = ?")
        }
        if scoreBelow != nil { parts.append("id IN (SELECT call_id FROM scorecards WHERE score < ?)") }
        if scoreAtLeast != nil { parts.append("id IN (SELECT call_id FROM scorecards WHERE score >= ?)") }
        if card != nil { parts.append("id IN (SELECT call_id FROM scorecards WHERE card = ?)") }
        let judged = [
            criterion.map { _ in "criterion = ?" }, standing.map { _ in "standing = ?" },
            isJudged.map { $0 ? "standing IN ('pass', 'fail')" : "standing NOT IN ('pass', 'fail', 'not_applicable')" },
        ].compactMap(\.self)
        if !judged.isEmpty {
            parts.append("id IN (SELECT call_id FROM scorecard_findings WHERE \(judged.joined(separator: " AND ")))")
        }
        if disposition != nil { parts.append("id IN (SELECT call_id FROM call_analyses WHERE disposition = ?)") }
        if let summary {
            let words = SummaryWords.wanted(summary).map { _ in dialect.contains("summary_words") }
            let all = words.isEmpty ? "1 = 0" : words.joined(separator: " AND ")
            parts.append("id IN (SELECT call_id FROM call_analyses WHERE \(all))")
        }
        return parts.map { " AND " + $0 }.joined()
    }

    /// A person's no to what the agent wanted is known from the review: the call may have been over by then.
    private static func condition(ofFaults faults: [String: Int], _ dialect: SQLDialect) -> String {
        let each = inOrder(faults).map { fault, _ in
            let rejected =
                """
                (SELECT count(*) FROM reviews WHERE reviews.call_id = calls.id AND reviews.agent = calls.agent
                    AND reviews.agent_version = calls.agent_version AND reviews.state = 'rejected')
                """
            return """
                (EXISTS (SELECT 1 FROM \(dialect.pairs(ofJSON: "calls.faults", as: "fault"))
                    WHERE fault.key = ? AND CAST(fault.value AS BIGINT) >= ?)
                    OR \(fault == reviewFault ? rejected : "0") >= ?)
                """
        }
        return each.isEmpty ? "1 = 0" : "(\(each.joined(separator: " OR ")))"
    }

    /// What a fault is called that is counted by reviews.
    private static let reviewFault = "review_rejections"

    private static func inOrder(_ faults: [String: Int]) -> [(key: String, value: Int)] {
        faults.sorted { $0.key < $1.key }
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
        if let version { values.append(version) }
        if let number { values.append(number) }
        if let language { values.append(language) }
        if let campaign { values.append(campaign) }
        if let attempt { values.append(attempt) }
        if let resolution { values.append(resolution.rawValue) }
        if let endReason { values.append(endReason) }
        if let at {
            let moment = at.storedMilliseconds
            values += [moment - Store.longestCall, moment, moment]
        }
        if let slower { values.append(slower) }
        if let yieldSlower { values.append(yieldSlower) }
        if let longer { values.append(longer) }
        if let endedSince { values.append(endedSince.storedMilliseconds) }
        for (fault, least) in Self.inOrder(faults ?? [:]) { values += [fault, least, least] as [any SQLConvertible] }
        if let currency { values.append(currency) }
        if let scoreBelow { values.append(scoreBelow) }
        if let scoreAtLeast { values.append(scoreAtLeast) }
        if let card { values.append(card) }
        if let criterion { values.append(criterion) }
        if let standing { values.append(standing) }
        if let disposition { values.append(disposition) }
        if let summary { values += SummaryWords.wanted(summary) as [any SQLConvertible] }
        return SQLValues(values)
    }
}
