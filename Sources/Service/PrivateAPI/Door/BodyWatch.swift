import Networking

/// Where the body of one request is. Any thread.
final class BodyWatch: Sendable {
    private struct State {
        var pace: BodyPace
        var hasEnded = false
    }

    private let state: Lock<State>
    private let now: @Sendable () -> ContinuousClock.Instant
    /// How long it may take while little of it comes.
    let patience: Duration

    init(patience: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        state = Lock(State(pace: BodyPace(began: now(), patience: patience)))
        self.now = now
        self.patience = patience
    }

    /// Whether all of it has been read.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Until more must have come; negative when it is late.
    var timeLeft: Duration {
        let now = now()
        return state.withLock { $0.pace.deadline - now }
    }

    func ended() { state.withLock { $0.hasEnded = true } }

    /// - Returns: whether these bytes were in time.
    func received(_ count: Int) -> Bool {
        let now = now()
        return state.withLock { $0.pace.received(count, at: now) }
    }
}
