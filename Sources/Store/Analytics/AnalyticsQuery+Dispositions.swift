/// What calls were filed under when they were over.
extension AnalyticsQuery {
    func dispositions(_ result: inout CallAnalytics) throws {
        result.dispositions = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT call_analyses.disposition AS word, count(*) AS calls
                FROM (SELECT id FROM calls WHERE true\(condition)) AS picked
                JOIN call_analyses ON call_analyses.call_id = picked.id
                WHERE call_analyses.disposition IS NOT NULL
                GROUP BY call_analyses.disposition ORDER BY calls DESC, word LIMIT \(Self.words)
                """, arguments: arguments
        ).map { CallAnalytics.Count(word: $0["word"], calls: $0["calls"]) }
    }
}
