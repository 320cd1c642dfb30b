import Networking

/// When an answer last came closer to its end, for the deadlines on it.
package final class ModelProgress: Sendable {
    private struct State {
        var size = 0
        var last = Duration.zero
    }

    private let state = Lock(State())
    private let clock: any Clock<Duration>
    /// Time since this value was made.
    private let elapsed: @Sendable () -> Duration

    package init(_ clock: any Clock<Duration>) {
        self.clock = clock
        elapsed = Self.stopwatch(clock)
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    /// Anything useful came so far.
    package var hasBegun: Bool { state.withLock { $0.size > 0 } }

    /// Takes how much there is; more than before is progress.
    package func note(_ size: Int) {
        let now = elapsed()
        state.withLock { state in
            guard size > state.size else { return }
            state = State(size: size, last: now)
        }
    }

    /// Returns when there was no progress for `first` from the start, or for `later` since the last one; also when the
    /// task is cancelled.
    package func standstill(first: Duration, later: Duration) async {
        while true {
            let (size, last) = state.withLock { ($0.size, $0.last) }
            let left = (size == 0 ? first : later) - (elapsed() - last)
            // Not longer than `later`: the first piece may come at once, and its successor be due before `first` is over.
            guard left > .zero, (try? await clock.sleep(for: min(left, later))) != nil else { return }
        }
    }
}
