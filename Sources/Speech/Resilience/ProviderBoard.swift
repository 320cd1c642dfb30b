import Synchronization

/// The health of the service's speech providers, shared by all calls.
package final class ProviderBoard: Sendable {
    /// Told of everything; any thread; must not block.
    package typealias Observer = @Sendable (_ provider: String, ProviderEvent.Role, ProviderEvent) -> Void

    private let role: ProviderEvent.Role
    private let settings: CircuitBreaker.Settings
    private let breakers = Protected<[String: CircuitBreaker]>([:])
    private let finals = Protected<[String: RecentDurations]>([:])
    private let observer: Observer
    /// Time since this board was made.
    let now: @Sendable () -> Duration
    let clock: any Clock<Duration>

    package init(
        _ role: ProviderEvent.Role, settings: CircuitBreaker.Settings = CircuitBreaker.Settings(),
        clock: any Clock<Duration> = ContinuousClock(), observer: @escaping Observer = { _, _, _ in }
    ) {
        self.role = role
        self.settings = settings
        self.observer = observer
        self.clock = clock
        now = Self.stopwatch(clock)
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    /// The positions of `providers` in the order in which to ask them now.
    func order(of providers: [String]) -> [Int] {
        let now = now()
        let current = breakers.withLock { breakers in providers.map { breakers[$0] ?? CircuitBreaker(settings) } }
        return CircuitBreaker.order(current, at: now)
    }

    /// A provider is asked: if it was resting, this is the probe.
    func began(with provider: String) {
        let now = now()
        breakers.withLock { $0[provider, default: CircuitBreaker(settings)].began(at: now) }
    }

    /// How long to wait for a provider's final words before another one is asked: a little more than nearly all of its
    /// answers took in this deployment.
    package func patience(with provider: String) -> Duration {
        guard let usual = finals.withLock({ $0[provider]?.percentile99 }) else { return Self.usualPatience }
        return min(max(usual * 5 / 4 + .milliseconds(50), Self.shortestPatience), Self.longestPatience)
    }

    /// Of a provider that has not been measured.
    private static let usualPatience = Duration.milliseconds(700)
    private static let shortestPatience = Duration.milliseconds(300)
    /// Leaves the next one time before the caller is asked to say it again.
    private static let longestPatience = Duration.milliseconds(1600)

    /// What the breaker of a provider says now.
    package func breaker(of provider: String) -> CircuitBreaker {
        breakers.withLock { $0[provider] ?? CircuitBreaker(settings) }
    }

    /// Something is known of a provider.
    package func note(_ event: ProviderEvent, of provider: String) {
        if case .ended(let outcome) = event {
            let now = now()
            breakers.withLock { $0[provider, default: CircuitBreaker(settings)].note(outcome, at: now) }
        }
        if case .took(.final, let duration) = event {
            finals.withLock { $0[provider, default: RecentDurations()].add(duration) }
        }
        observer(provider, role, event)
    }
}
