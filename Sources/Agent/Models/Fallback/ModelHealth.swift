/// Whether a provider is worth asking now. A value; time is an argument.
package struct ModelHealth: Sendable, Equatable {
    /// After the first failure; doubles with every further one in a row.
    private static let shortestRest = Duration.seconds(2)
    private static let longestRest = Duration.seconds(60)
    /// More than this is not believed.
    private static let longestRetryAfter = Duration.seconds(600)

    private var failures = 0
    /// Until then others are asked first; nil for a provider in good health.
    package private(set) var restsUntil: Duration?

    package init() {}

    /// - Parameter time: since any moment that stays the same.
    package mutating func note(_ outcome: ModelOutcome, at time: Duration) {
        switch outcome {
        case .cancelledByUs, .nothingRequested: break
        case .answered: self = ModelHealth()
        case .failed(let retryable, let retryAfter):
            // Requests that were under way when the first one failed tell the same news, not more of it.
            if !isResting(at: time) { failures += 1 }
            let doublings = min(max(failures, 1) - 1, 5)
            let rest = retryable ? min(Self.shortestRest * (1 << doublings), Self.longestRest) : Self.longestRest
            let asked = min(retryAfter ?? .zero, Self.longestRetryAfter)
            restsUntil = max(time + max(rest, asked), restsUntil ?? .zero)
        }
    }

    package func isResting(at time: Duration) -> Bool {
        restsUntil.map { time < $0 } ?? false
    }

    /// The order in which to ask: as configured, but those that rest last, the one that is ready soonest first. Nobody is
    /// left out, because a caller waits.
    package static func order(_ healths: [ModelHealth], at time: Duration) -> [Int] {
        let resting = healths.indices.filter { healths[$0].isResting(at: time) }
        return healths.indices.filter { !healths[$0].isResting(at: time) }
            + resting.sorted {
                (healths[$0].restsUntil ?? .zero, $0) < (healths[$1].restsUntil ?? .zero, $1)
            }
    }
}
