import Synchronization

/// Holds an ``AccountLimit`` for all calls of the process.
package final class AccountGate: Sendable {
    /// The right to one stream or request; given back once, at the latest when nobody holds it any more.
    package final class Permit: Sendable {
        private let gate: AccountGate
        private let isHeld = Atomic<Bool>(true)

        fileprivate init(_ gate: AccountGate) { self.gate = gate }

        deinit { giveBack() }

        package func giveBack() {
            if isHeld.exchange(false, ordering: .acquiringAndReleasing) { gate.left() }
        }
    }

    private typealias Waiter = CheckedContinuation<Bool, Never>

    private struct State {
        var limit: AccountLimit
        var waiters: [Int: Waiter] = [:]
        var last = 0
        var timer: Task<Void, Never>?
    }

    package let provider: String
    private let state: Protected<State>
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Duration
    /// Those that began after a wait, and those that could not begin.
    private let waited = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    package init(
        _ provider: String, _ settings: AccountLimit.Settings, clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.provider = provider
        self.clock = clock
        now = Self.stopwatch(clock)
        state = Protected(State(limit: AccountLimit(settings)))
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    package var inUse: Int { state.withLock { $0.limit.inUse } }
    package var waitedCount: Int { waited.load(ordering: .relaxed) }
    package var refusedCount: Int { refused.load(ordering: .relaxed) }

    /// Whether a stream could begin now; by the time it does the room may be gone.
    var hasRoom: Bool { state.withLock { $0.limit.couldEnter(now: now()) } }

    /// What is said where the account has no room.
    func error(_ operation: String) -> SpeechError {
        SpeechError(
            .limited, operation: operation, provider: provider,
            detail: "as much of the account is in use as `providers.\(provider)` allows")
    }

    /// - Returns: nil when there is no room now.
    package func tryEnter() -> Permit? {
        let now = now()
        guard state.withLock({ $0.limit.tryEnter(now: now) }) else {
            refused.wrappingAdd(1, ordering: .relaxed)
            return nil
        }
        return Permit(self)
    }

    /// Waits for room, but not long.
    ///
    /// - Returns: nil when there was none, or the task was cancelled.
    package func enter() async -> Permit? {
        if state.withLock({ $0.limit.tryEnter(now: now()) }) { return Permit(self) }
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        let isAdmitted = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // Cancelled already: nobody will say so again.
                guard !Task.isCancelled else { return waiter.resume(returning: false) }
                change { state in
                    state.waiters[id] = waiter
                    return state.limit.enter(id, now: now())
                }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.limit.giveUp(id)
                return state.waiters.removeValue(forKey: id)
            }
            waiter?.resume(returning: false)
        }
        guard isAdmitted else {
            if !Task.isCancelled { refused.wrappingAdd(1, ordering: .relaxed) }
            return nil
        }
        waited.wrappingAdd(1, ordering: .relaxed)
        return Permit(self)
    }

    /// Between two looks of whoever may be late.
    private static let asidePause = Duration.milliseconds(100)

    /// Waits until there is room besides what calls may need, and never in front of one. For what may be late.
    ///
    /// - Returns: nil when there was none for so long, or the task was cancelled.
    package func enterAside(within longest: Duration) async -> Permit? {
        let end = now() + longest
        while true {
            let moment = now()
            if state.withLock({ $0.limit.tryEnterAside(now: moment) }) { return Permit(self) }
            guard moment < end, (try? await clock.sleep(for: min(Self.asidePause, end - moment))) != nil else {
                return nil
            }
        }
    }

    private func left() {
        change { $0.limit.leave(now: now()) }
    }

    private func change(_ body: (inout State) -> [AccountLimit.Verdict]) {
        let told = state.withLock { state -> [(Waiter, Bool)] in
            let verdicts = body(&state)
            state.timer?.cancel()
            state.timer = state.limit.nextMoment(now: now()).map { moment in timer(until: moment) }
            return verdicts.compactMap { verdict in
                switch verdict {
                case .admitted(let id): state.waiters.removeValue(forKey: id).map { ($0, true) }
                case .refused(let id): state.waiters.removeValue(forKey: id).map { ($0, false) }
                }
            }
        }
        for (waiter, isAdmitted) in told { waiter.resume(returning: isAdmitted) }
    }

    private func timer(until moment: Duration) -> Task<Void, Never> {
        let (clock, wait) = (clock, max(moment - now(), .milliseconds(1)))
        return Task { [weak self] in
            guard (try? await clock.sleep(for: wait)) != nil, let self else { return }
            change { $0.limit.advance(now: self.now()) }
        }
    }
}
