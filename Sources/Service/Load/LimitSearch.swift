/// Looks for the most calls that keep the objectives: doubles until they break, then halves the gap. A value; whoever owns
/// it runs the loads.
package struct LimitSearch: Sendable, Equatable {
    /// The most calls that kept them, 0 while none did.
    package private(set) var best = 0
    /// The fewest that did not.
    private var broken: Int?
    private let most: Int
    private let precision: Int

    /// - Parameters:
    ///   - first: calls of the first run.
    ///   - most: never more than this.
    ///   - precision: it is known well enough when the gap is no more than this, or a tenth of the best.
    package init(first: Int, most: Int, precision: Int = 1) {
        self.most = most
        self.precision = max(precision, 1)
        next = min(max(first, 1), most)
    }

    /// Calls of the next run; nil when the limit is known.
    package private(set) var next: Int?

    /// Tells what came of the run with ``next`` calls.
    package mutating func ran(keepsObjectives: Bool) {
        guard let calls = next else { return }
        if keepsObjectives { best = max(best, calls) } else { broken = min(broken ?? .max, calls) }
        guard let broken else {
            next = calls == most ? nil : min(calls * 2, most)
            return
        }
        let gap = broken - best
        next = gap <= max(precision, best / 10) ? nil : best + gap / 2
    }
}
