/// Values counted in steps, from which percentiles are read. A value.
struct Distribution: Sendable, Equatable {
    /// The width of a step.
    let step: Int
    private var counts: [Int: Int] = [:]
    private(set) var count = 0

    init(step: Int) { self.step = step }

    /// Adds `count` values of the step that begins at `index * step`.
    mutating func add(_ count: Int, at index: Int) {
        counts[index, default: 0] += count
        self.count += count
    }

    /// The smallest step's end that so many of the values do not exceed; nil without values.
    ///
    /// - Parameter share: 0...1.
    func percentile(_ share: Double) -> Int? {
        guard count > 0 else { return nil }
        let wanted = max(Int((Double(count) * share).rounded(.up)), 1)
        var seen = 0
        for (index, number) in counts.sorted(by: { $0.key < $1.key }) {
            seen += number
            if seen >= wanted { return (index + 1) * step }
        }
        return nil
    }
}
