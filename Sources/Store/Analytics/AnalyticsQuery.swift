import Foundation

/// The statements behind ``CallAnalytics``: each adds up in the engine what it is asked for, and hands over few rows.
struct AnalyticsQuery {
    static let words = 20

    let db: SQLSession
    private let filter: CallFilter
    private let calendar: AnalyticsCalendar
    /// After `WHERE true`: calls of their own, so that whoever was put through has not called twice. What ends without a
    /// resolution is another call's.
    let condition: String
    /// The same, with those.
    private let everyCondition: String
    let arguments: SQLValues

    init(_ db: SQLSession, _ filter: CallFilter, _ calendar: AnalyticsCalendar) {
        self.db = db
        self.filter = filter
        self.calendar = calendar
        everyCondition = filter.condition(db.dialect)
        condition = everyCondition + " AND " + CallFilter.own
        arguments = filter.arguments(db.dialect)
    }

    private var totals: String {
        """
        count(*) AS calls, count(ended_at) AS ended,
        \(count("resolution = 'contained'")) AS contained, \(count("resolution = 'transferred'")) AS transferred,
        \(count("resolution = 'abandoned'")) AS abandoned, \(count("resolution = 'failed'")) AS failed,
        \(count("resolution = 'unreached'")) AS unreached, \(count(CallFeature.goal.condition(db.dialect))) AS goals,
        \(sum("CASE WHEN ended_at IS NULL THEN 0 ELSE duration / 8000 END")) AS seconds
        """
    }

    func count(_ condition: String) -> String { "count(CASE WHEN \(condition) THEN 1 END)" }

    /// PostgreSQL adds whole numbers up to a decimal.
    func sum(_ expression: String) -> String { "CAST(coalesce(sum(\(expression)), 0) AS BIGINT)" }

    func buckets(_ result: inout CallAnalytics) throws {
        result.buckets = calendar.starts.indices.map {
            let span = calendar.span(ofBucket: $0)
            return CallAnalytics.Bucket(since: span.since.storedMilliseconds, before: span.before.storedMilliseconds)
        }
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT started_at / \(AnalyticsCalendar.slot) AS slot, \(totals) FROM calls WHERE true\(condition)
                GROUP BY 1
                """,
            arguments: arguments)
        {
            let totals = CallAnalytics.Totals(row: row)
            result.buckets[calendar.bucket(ofSlot: row["slot"])].totals.add(totals)
            result.totals.add(totals)
        }
    }

    func words(_ result: inout CallAnalytics) throws {
        result.outcomes = try words("outcome")
        result.endReasons = try words("end_reason")
        result.versions = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT agent, agent_version, \(totals) FROM calls WHERE true\(condition) GROUP BY agent, agent_version
                ORDER BY calls DESC, agent, agent_version LIMIT \(Self.words)
                """, arguments: arguments
        ).map {
            CallAnalytics.Version(
                agent: $0["agent"], version: $0["agent_version"], totals: CallAnalytics.Totals(row: $0))
        }
    }

    private func words(_ column: String) throws -> [CallAnalytics.Count] {
        try SQLRow.fetchAll(
            db,
            sql: """
                SELECT \(column) AS word, count(*) AS calls FROM calls WHERE ended_at IS NOT NULL\(condition)
                GROUP BY \(column) ORDER BY calls DESC, word LIMIT \(Self.words)
                """, arguments: arguments
        ).map { CallAnalytics.Count(word: $0["word"], calls: $0["calls"]) }
    }

    func features(_ result: inout CallAnalytics) throws {
        let columns = CallFeature.allCases.map {
            "\(count($0.condition(db.dialect))) AS feature_\($0.rawValue.lowercased())"
        }
        guard
            let row = try SQLRow.fetchOne(
                db, sql: "SELECT \(columns.joined(separator: ", ")) FROM calls WHERE true\(condition)",
                arguments: arguments)
        else { return }
        for feature in CallFeature.allCases {
            result.features[feature.rawValue] = row["feature_\(feature.rawValue.lowercased())"]
        }
    }

    func handling(_ result: inout CallAnalytics) throws {
        var seconds = Distribution(step: 1)
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT duration / 8000 AS step, count(*) AS calls FROM calls WHERE ended_at IS NOT NULL\(condition)
                GROUP BY 1
                """, arguments: arguments)
        { seconds.add(row["calls"], at: row["step"]) }
        result.handling = CallAnalytics.Spread(seconds)
    }

    /// A step up where a call begins, down where it ends, none where a bucket begins, so that each bucket knows how many it
    /// began with.
    func peaks(_ result: inout CallAnalytics) throws {
        var reaching = filter
        reaching.since = Date(storedMilliseconds: calendar.since.storedMilliseconds - Store.longestCall)
        let dialect = db.dialect
        let starts = calendar.starts.indices.map { calendar.span(ofBucket: $0).since.storedMilliseconds }
        let boundaries = dialect.elements(ofJSON: "?", as: "own")
        // The most of all and, of the moments at which they were so many, the first, in one number of 64 bits: moments have
        // 41 until the year 2039 and, from the greatest that they hold, backwards.
        let highest = 1 << 41
        let rows = try SQLRow.fetchAll(
            db,
            sql: """
                WITH marks AS (
                    SELECT started_at AS moment, 1 AS step FROM calls WHERE true\(reaching.condition(dialect))
                    UNION ALL
                    SELECT \(CallFilter.lineEnd) AS moment, -1 AS step FROM calls
                    WHERE true\(reaching.condition(dialect))
                    UNION ALL
                    SELECT CAST(own.value AS BIGINT) AS moment, 0 AS step FROM \(boundaries)
                ), running AS (
                    SELECT moment, sum(step) OVER (ORDER BY moment, step ROWS UNBOUNDED PRECEDING) AS busy FROM marks
                )
                SELECT moment / \(AnalyticsCalendar.slot) AS slot,
                    max(CAST(busy AS BIGINT) * \(highest) + \(highest - 1) - moment) AS most
                FROM running WHERE moment >= ? AND moment < ? GROUP BY 1
                """,
            arguments: reaching.arguments(dialect) + reaching.arguments(dialect) + [
                try StoredJSON.text(starts.map { "\($0)" }), calendar.since.storedMilliseconds,
                calendar.before.storedMilliseconds,
            ])
        var best = [Int](repeating: 0, count: result.buckets.count)
        for row in rows {
            let index = calendar.bucket(ofSlot: row["slot"])
            let most: Int = row["most"]
            best[index] = max(best[index], most)
        }
        func moment(of most: Int) -> Int { highest - 1 - most % highest }
        for (index, most) in best.enumerated() where most / highest > 0 {
            result.buckets[index].peak = most / highest
            result.buckets[index].peakAt = moment(of: most)
        }
        guard let most = best.max(), most / highest > 0 else { return }
        result.peak = CallAnalytics.Peak(calls: most / highest, at: moment(of: most))
    }

    func costs(_ result: inout CallAnalytics) throws {
        let currency = db.dialect.member("currency", ofJSON: "cost")
        let total = "CAST(\(db.dialect.member("total", ofJSON: "cost")) AS DOUBLE PRECISION)"
        result.costs = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT \(currency) AS currency, count(*) AS calls,
                    \(sum("CAST(round(\(total) * 1000000) AS BIGINT)")) AS total
                FROM calls WHERE \(CallFeature.priced.condition(db.dialect)) AND \(currency) IS NOT NULL\(everyCondition)
                GROUP BY 1 ORDER BY 1
                """, arguments: arguments
        ).map {
            CallAnalytics.Cost(
                currency: $0["currency"], calls: $0["calls"],
                total: Decimal(sign: .plus, exponent: -6, significand: Decimal($0["total"] as Int)))
        }
    }

    /// By name. The calls are the filter's; attempts that became none know their agent and time alone.
    func campaigns(_ result: inout CallAnalytics) throws {
        var counts: [String: CallAnalytics.Campaign] = [:]
        var attempted = "attempts.intended_at >= ? AND attempts.intended_at < ? AND attempts.asked_at IS NOT NULL"
        var values: [any SQLConvertible] = [calendar.since.storedMilliseconds, calendar.before.storedMilliseconds]
        if let agent = filter.agent {
            attempted += " AND attempts.agent = ?"
            values.append(agent)
        }
        if let campaign = filter.campaign {
            attempted += " AND campaigns.name = ?"
            values.append(campaign)
        }
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT campaigns.name AS name, count(*) AS attempts FROM attempts
                JOIN campaigns ON campaigns.id = attempts.campaign_id WHERE \(attempted) GROUP BY campaigns.name
                """, arguments: SQLValues(values))
        {
            let name: String = row["name"]
            counts[name] = CallAnalytics.Campaign(
                name: name, attempts: row["attempts"], calls: 0, person: 0, talked: 0, goals: 0)
        }
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT campaigns.name AS name, count(*) AS calls, \(sum("picked.person")) AS person,
                    \(sum("picked.talked")) AS talked, \(sum("picked.goal")) AS goals
                FROM (
                    SELECT id, \(flag(.person)) AS person, \(flag(.talked)) AS talked, \(flag(.goal)) AS goal
                    FROM calls WHERE direction = 'outbound'\(condition)
                ) AS picked
                JOIN attempts ON attempts.call_id = picked.id JOIN campaigns ON campaigns.id = attempts.campaign_id
                GROUP BY campaigns.name
                """, arguments: arguments)
        {
            let name: String = row["name"]
            var campaign =
                counts[name]
                ?? CallAnalytics.Campaign(name: name, attempts: 0, calls: 0, person: 0, talked: 0, goals: 0)
            campaign.calls = row["calls"]
            campaign.person = row["person"]
            campaign.talked = row["talked"]
            campaign.goals = row["goals"]
            counts[name] = campaign
        }
        result.campaigns = counts.values.sorted { $0.name < $1.name }
    }

    private func flag(_ feature: CallFeature) -> String {
        "CASE WHEN \(feature.condition(db.dialect)) THEN 1 ELSE 0 END"
    }

    func interaction(_ result: inout CallAnalytics) throws {
        let columns = [
            "asked", "answered", "barge_ins", "yielded", "backchannels", "tolerated", "agent_starts", "over_caller",
        ]
        if let row = try SQLRow.fetchOne(
            db,
            sql: """
                SELECT \(columns.map { "\(sum($0)) AS \($0)" }.joined(separator: ", ")) FROM calls WHERE true\(condition)
                """, arguments: arguments)
        {
            result.interaction.asked = row["asked"]
            result.interaction.answered = row["answered"]
            result.interaction.bargeIns = row["barge_ins"]
            result.interaction.yielded = row["yielded"]
            result.interaction.backchannels = row["backchannels"]
            result.interaction.tolerated = row["tolerated"]
            result.interaction.agentStarts = row["agent_starts"]
            result.interaction.overCaller = row["over_caller"]
        }
        // Of turns microseconds are known.
        var response = Distribution(step: 10)
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT turns.total / 10000 AS step, count(*) AS turns
                FROM (SELECT id FROM calls WHERE true\(condition)) AS picked
                JOIN turns ON turns.call_id = picked.id AND turns.total IS NOT NULL GROUP BY 1
                """, arguments: arguments)
        { response.add(row["turns"], at: row["step"]) }
        result.interaction.response = CallAnalytics.Spread(response)
        var yields = Distribution(step: 10)
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT CAST(own.value AS BIGINT) / 10 AS step, count(*) AS yields
                FROM (SELECT yield_latencies FROM calls WHERE yield_latencies IS NOT NULL\(condition)) AS picked
                CROSS JOIN \(db.dialect.elements(ofJSON: "picked.yield_latencies", as: "own")) GROUP BY 1
                """, arguments: arguments)
        { yields.add(row["yields"], at: row["step"]) }
        result.interaction.yield = CallAnalytics.Spread(yields)
    }
}

extension CallAnalytics.Totals {
    fileprivate init(row: SQLRow) {
        self.init()
        calls = row["calls"]
        ended = row["ended"]
        contained = row["contained"]
        transferred = row["transferred"]
        abandoned = row["abandoned"]
        failed = row["failed"]
        unreached = row["unreached"]
        goals = row["goals"]
        seconds = row["seconds"]
    }
}
