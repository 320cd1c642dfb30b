/// Compares stated probabilities with how often they were right.
struct CalibrationBins: Sendable {
    private var bins = [(count: Int, right: Int, stated: Double)](repeating: (0, 0, 0), count: 10)

    mutating func add(stated: Double, isRight: Bool) {
        let bin = max(0, min(9, Int(stated * 10)))
        bins[bin].count += 1
        bins[bin].right += isRight ? 1 : 0
        bins[bin].stated += stated
    }

    /// The expected calibration error over ten bins, 0...1.
    var error: Double {
        let total = Double(max(1, bins.reduce(0) { $0 + $1.count }))
        return bins.reduce(0) { $0 + abs(Double($1.right) - $1.stated) / total }
    }
}
