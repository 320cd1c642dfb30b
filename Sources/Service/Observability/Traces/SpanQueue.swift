import DequeModule
import Networking

/// Spans on their way out: bounded, so that a collector that is away costs spans and no memory.
final class SpanQueue: Sendable {
    private struct State {
        var spans = Deque<(span: TraceSpan, since: ContinuousClock.Instant)>()
        var dropped = 0
    }

    private let capacity: Int
    private let state = Lock(State())

    init(capacity: Int = 8192) { self.capacity = capacity }

    /// Any thread. What finds no room is dropped and counted.
    func add(_ spans: [TraceSpan]) {
        guard !spans.isEmpty else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            let room = max(capacity - state.spans.count, 0)
            for span in spans.prefix(room) { state.spans.append((span, now)) }
            state.dropped += max(spans.count - room, 0)
        }
    }

    var count: Int { state.withLock { $0.spans.count } }

    /// Spans that found no room, or were given up when the service stopped.
    var dropped: Int { state.withLock { $0.dropped } }

    /// Since when the oldest waits.
    var oldest: ContinuousClock.Instant? { state.withLock { $0.spans.first?.since } }

    /// The oldest ones, which stay until they are ``remove(_:)``d.
    func first(_ count: Int) -> [TraceSpan] { state.withLock { $0.spans.prefix(count).map(\.span) } }

    func remove(_ count: Int) { state.withLock { $0.spans.removeFirst(min(count, $0.spans.count)) } }

    /// Nobody will send what is left.
    func dropAll() {
        state.withLock { state in
            state.dropped += state.spans.count
            state.spans.removeAll()
        }
    }
}
