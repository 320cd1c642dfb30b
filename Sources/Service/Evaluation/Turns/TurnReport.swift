/// How well the sound of a turn tells whether it has ended.
package struct TurnReport: Sendable, Encodable {
    package struct Line: Sendable, Encodable {
        /// Where the recordings are from.
        package var recordings: String
        package var condition: String
        /// What is held against the true ends: `pauses` within sentences, or `cuts` in the middle of the words.
        package var against: String
        /// Likelihoods at the true ends.
        package var ends: [Double] = []
        /// Likelihoods where nobody had finished.
        package var others: [Double] = []

        /// Area under the ROC curve, 0...1; nil when one kind is missing.
        package var area: Double? {
            RankStatistic.area(
                ends.map { (score: $0, isPositive: true) } + others.map { (score: $0, isPositive: false) })
        }
    }

    package var lines: [Line] = []
    /// From question to answer, one at a time, ms.
    package var answerMedian: Double?
    package var answer95: Double?

    package var text: String {
        func number(_ value: Double?, _ scale: Double = 100) -> String {
            value.map { String(($0 * scale).rounded() / scale) } ?? "-"
        }
        var text = [
            "| recordings | condition | at the end: median, over 0.5 | against | there: median, over 0.5 | ROC-AUC |",
            "|---|---|---|---|---|---|",
        ]
        for line in lines {
            func summary(_ values: [Double]) -> String {
                "\(number(RankStatistic.quantile(values, 0.5))), \(values.count { $0 > 0.5 }) of \(values.count)"
            }
            let cells = [
                line.recordings, line.condition, summary(line.ends), line.against, summary(line.others),
                number(line.area),
            ]
            text.append("| " + cells.joined(separator: " | ") + " |")
        }
        text += ["", "An answer takes \(number(answerMedian, 10)) ms (median), \(number(answer95, 10)) ms (95 %)."]
        return text.joined(separator: "\n")
    }
}
