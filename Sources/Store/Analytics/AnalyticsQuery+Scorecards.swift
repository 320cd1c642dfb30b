/// What scorecards made of the calls.
extension AnalyticsQuery {
    func scorecards(_ result: inout CallAnalytics) throws {
        let picked = "(SELECT id, agent, agent_version FROM calls WHERE true\(condition)) AS picked"
        var cards = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT picked.agent AS agent, picked.agent_version AS version, scorecards.card AS card,
                    count(scorecards.score) AS calls, \(sum("scorecards.score")) AS points
                FROM \(picked) JOIN scorecards ON scorecards.call_id = picked.id WHERE scorecards.results IS NOT NULL
                GROUP BY picked.agent, picked.agent_version, scorecards.card
                ORDER BY calls DESC, agent, version, card LIMIT \(Self.words)
                """, arguments: arguments
        ).map { row in
            let calls: Int = row["calls"]
            return CallAnalytics.Scorecard(
                agent: row["agent"], version: row["version"], card: (row["card"] as String?) ?? "", calls: calls,
                mean: calls > 0 ? Self.rounded(Double(row["points"] as Int) / Double(calls), 100) : nil, criteria: [])
        }
        guard !cards.isEmpty else { return }
        for row in try SQLRow.fetchAll(
            db,
            sql: """
                SELECT picked.agent AS agent, picked.agent_version AS version, scorecards.card AS card,
                    scorecard_findings.criterion AS criterion,
                    \(count("standing = 'pass'")) AS passed, \(count("standing = 'fail'")) AS failed,
                    \(count("standing = 'not_applicable'")) AS other, count(*) AS judged
                FROM \(picked) JOIN scorecards ON scorecards.call_id = picked.id
                JOIN scorecard_findings ON scorecard_findings.call_id = picked.id
                WHERE scorecards.results IS NOT NULL
                GROUP BY picked.agent, picked.agent_version, scorecards.card, scorecard_findings.criterion
                ORDER BY criterion
                """, arguments: arguments)
        {
            let (agent, version, card) = (row["agent"] as String, row["version"] as String, row["card"] as String?)
            let index = cards.firstIndex { $0.agent == agent && $0.version == version && $0.card == card ?? "" }
            guard let index else { continue }
            let (pass, fail, other): (Int, Int, Int) = (row["passed"], row["failed"], row["other"])
            cards[index].criteria.append(
                CallAnalytics.Scorecard.Criterion(
                    name: row["criterion"], pass: pass, fail: fail, notApplicable: other,
                    open: (row["judged"] as Int) - pass - fail - other,
                    rate: pass + fail > 0 ? Self.rounded(Double(pass) / Double(pass + fail), 10_000) : nil))
        }
        result.scorecards = cards
    }

    private static func rounded(_ value: Double, _ parts: Double) -> Double { (value * parts).rounded() / parts }
}
