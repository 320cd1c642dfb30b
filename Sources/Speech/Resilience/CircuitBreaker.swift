/// Whether a provider is to be asked now: after failures in a row it rests, then one request tries it for all others.
///
/// A value; times are since any moment that stays the same.
package struct CircuitBreaker: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// Asked by everybody.
        case closed
        /// Rests until then.
        case open(until: Duration)
        /// One request is under way that tells whether it is well again; until then it counts as lost.
        case halfOpen(until: Duration)
    }

    package struct Settings: Sendable, Equatable {
        /// So many failures in a row and the provider rests.
        package var failuresToOpen = 2
        /// The first rest; doubles with every probe that fails.
        package var shortestRest = Duration.seconds(2)
        package var longestRest = Duration.seconds(60)
        /// A probe that says nothing for so long is forgotten.
        package var probeDeadline = Duration.seconds(10)

        package init() {}
    }

    private let settings: Settings
    package private(set) var state = State.closed
    /// Whether it rests because of our key or account, which no time heals.
    package private(set) var isDenied = false
    private var failures = 0
    private var rests = 0

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Whether a request may go there now; one that may is then a probe if the breaker was not closed.
    package func permits(at time: Duration) -> Bool {
        switch state {
        case .closed: true
        case .open(let until), .halfOpen(let until): time >= until
        }
    }

    /// Whether asking is known to be in vain: our key was refused a short while ago.
    package func isBarred(at time: Duration) -> Bool {
        if case .open(let until) = state { isDenied && time < until } else { false }
    }

    /// When a request may go there again; zero for now.
    package var restsUntil: Duration {
        switch state {
        case .closed: .zero
        case .open(let until), .halfOpen(let until): until
        }
    }

    /// A request goes there.
    package mutating func began(at time: Duration) {
        guard state != .closed, permits(at: time) else { return }
        state = .halfOpen(until: time + settings.probeDeadline)
    }

    package mutating func note(_ outcome: ProviderOutcome, at time: Duration) {
        switch outcome {
        case .answered: self = CircuitBreaker(settings)
        case .cancelledByUs, .nothingRequested:
            // The probe told nothing: the next request is one.
            if case .halfOpen = state { state = .open(until: time) }
        case .failed(let retryable):
            // Requests that were under way when it opened tell the same news, not more of it.
            if case .open(let until) = state, time < until { return }
            failures += 1
            guard state != .closed || failures >= settings.failuresToOpen || !retryable else { return }
            isDenied = !retryable
            let rest = settings.shortestRest * (1 << min(rests, 10))
            rests += 1
            state = .open(until: time + (retryable ? min(rest, settings.longestRest) : settings.longestRest))
        }
    }

    /// The order in which to ask: as configured, but those that rest last, the one that is ready soonest first. Nobody is
    /// left out, because a caller waits.
    package static func order(_ breakers: [CircuitBreaker], at time: Duration) -> [Int] {
        let resting = breakers.indices.filter { !breakers[$0].permits(at: time) }
        return breakers.indices.filter { breakers[$0].permits(at: time) }
            + resting.sorted { (breakers[$0].restsUntil, $0) < (breakers[$1].restsUntil, $1) }
    }
}
