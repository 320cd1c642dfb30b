import Networking

/// The health of the service's providers of language models, shared by all calls.
package final class ModelHealthBoard: Sendable {
    private let healths = Lock<[String: ModelHealth]>([:])
    /// Time since this board was made.
    private let elapsed: @Sendable () -> Duration

    package init(clock: any Clock<Duration> = ContinuousClock()) {
        elapsed = Self.stopwatch(clock)
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    func note(_ outcome: ModelOutcome, of provider: String) {
        let now = elapsed()
        healths.withLock { $0[provider, default: ModelHealth()].note(outcome, at: now) }
    }

    /// The positions of `providers` in the order in which to ask them now.
    func order(_ providers: [String]) -> [Int] {
        let now = elapsed()
        let current = healths.withLock { healths in providers.map { healths[$0] ?? ModelHealth() } }
        return ModelHealth.order(current, at: now)
    }
}
