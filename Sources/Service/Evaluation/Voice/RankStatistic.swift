/// How well scores part two kinds of things, whatever the threshold.
enum RankStatistic {
    /// The area under the ROC curve: the probability that a positive scores higher than a negative, equals counting half.
    ///
    /// - Returns: 0...1; nil unless there are both kinds.
    static func area(_ scored: [(score: Double, isPositive: Bool)]) -> Double? {
        let positives = scored.count(where: \.isPositive)
        let negatives = scored.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let sorted = scored.sorted { $0.score < $1.score }
        // The rank sum of Mann and Whitney; equal scores share the mean of their ranks.
        var rankSum = 0.0
        var index = 0
        while index < sorted.count {
            var end = index
            var positivesHere = 0
            while end < sorted.count, sorted[end].score == sorted[index].score {
                if sorted[end].isPositive { positivesHere += 1 }
                end += 1
            }
            rankSum += Double(positivesHere) * Double(index + 1 + end) / 2
            index = end
        }
        let least = Double(positives * (positives + 1)) / 2
        return (rankSum - least) / Double(positives) / Double(negatives)
    }

    /// The value below which `fraction` of the values lie, by the nearest rank.
    ///
    /// - Parameter fraction: 0...1.
    /// - Returns: nil for no values.
    static func quantile(_ values: [Double], _ fraction: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let rank = Int((fraction * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank - 1, 0), sorted.count - 1)]
    }
}
