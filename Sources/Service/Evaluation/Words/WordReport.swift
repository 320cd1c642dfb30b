package import Speech

/// Which words of recorded callers were heard, by condition.
package struct WordReport: Sendable, Encodable {
    package struct Line: Sendable, Encodable {
        package var fixture: String
        package var condition: String
        /// `none` where the recording has nothing for the agent to do.
        package var intent: String
        package var said: String
        package var heard: String
        package var confidence: Double
        package var isOutOfTask: Bool
        /// From the end of the recording to the words, in milliseconds of this machine.
        package var milliseconds: Double
        package var evidence: UtteranceEvidence?
    }

    package var lines: [Line] = []

    /// The figures as a table.
    package var text: String {
        var conditions: [String] = []
        for line in lines where !conditions.contains(line.condition) { conditions.append(line.condition) }
        return conditions.map { condition in
            let lines = lines.filter { $0.condition == condition }
            let inTask = lines.filter { $0.intent != "none" }
            let (errors, words) = inTask.reduce((0, 0)) { sums, line in
                let said = line.said.split(separator: " ")
                let heard = line.heard.split(separator: " ")
                return (sums.0 + EvaluationReport.Score.distance(said, heard), sums.1 + said.count)
            }
            let whole = inTask.count { $0.said == $0.heard }
            let others = lines.filter { $0.intent == "none" && !$0.heard.isEmpty }
            return "\(condition): word errors \(errors) of \(words) (\(errors * 1000 / max(words, 1)) per thousand), "
                + "\(whole) of \(inTask.count) recordings of the task heard whole; "
                + "\(others.count { !$0.isOutOfTask && $0.confidence >= 0.5 }) of \(others.count) others heard with certainty; "
                + "\(Int(RankStatistic.quantile(lines.map(\.milliseconds), 0.5) ?? 0)) ms to the words, median"
        }.joined(separator: "\n")
    }
}
