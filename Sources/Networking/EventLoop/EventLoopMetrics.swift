import Synchronization

/// What a loop has done. Written by the loop's thread alone, readable from any.
package final class EventLoopMetrics: Sendable {
    /// The counters at one moment.
    package struct Snapshot: Sendable, Equatable {
        /// Open at this moment: accepted and outgoing, HTTP and WebSocket.
        package var connections = 0
        /// Open WebSockets at this moment.
        package var webSockets = 0
        /// Accepted since the start.
        package var accepted = 0
        /// Turned away because ``EventLoopConfiguration/maximumConnections`` was reached or descriptors ran out.
        package var refused = 0
        /// Closed at that limit to make room for a new one, for no request was under way on them.
        package var displaced = 0
        /// HTTP requests answered, refused upgrades included.
        package var requests = 0
        /// Requests turned away by a limit: 408, 411, 413, 426, 431 and malformed upgrades.
        package var badRequests = 0
        package var messagesReceived = 0
        package var messagesSent = 0
        /// Payload bytes of messages.
        package var bytesReceived = 0
        package var bytesSent = 0
        /// Messages refused by full send queues.
        package var queueOverflows = 0
        /// Sockets closed because a received message was too large.
        package var oversizedMessages = 0
        /// Connections cut by a timeout: handshake, idle, or a peer that does not take part in closing.
        package var timeouts = 0
        /// Runs of repeating timers.
        package var ticks = 0
        /// Periods of repeating timers that passed without a run.
        package var missedTicks = 0
        /// The longest lateness of a repeating timer so far.
        package var worstTickLateness = Duration.zero
        /// How late repeating timers ran.
        package var tickLateness = LoopHistogram.Snapshot()
        /// How long the loop worked between two waits: nothing else on it was served meanwhile.
        package var busyTime = LoopHistogram.Snapshot()
        /// The system runs the loop's thread before ordinary ones.
        package var isRealTime = false
    }

    /// A number with one writing thread: a plain add, but readable elsewhere.
    struct Counter: ~Copyable, Sendable {
        private let value = Atomic<Int>(0)

        var count: Int { value.load(ordering: .relaxed) }

        func add(_ amount: Int = 1) {
            value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
        }

        func raise(to candidate: Int) {
            if candidate > count { value.store(candidate, ordering: .relaxed) }
        }
    }

    let connections = Counter()
    let webSockets = Counter()
    let accepted = Counter()
    let refused = Counter()
    let displaced = Counter()
    let requests = Counter()
    let badRequests = Counter()
    let messagesReceived = Counter()
    let messagesSent = Counter()
    let bytesReceived = Counter()
    let bytesSent = Counter()
    let queueOverflows = Counter()
    let oversizedMessages = Counter()
    let timeouts = Counter()
    let ticks = Counter()
    let missedTicks = Counter()
    let worstTickNanoseconds = Counter()
    let tickLateness = LoopHistogram()
    let busyTime = LoopHistogram()
    let recentLateness = RecentLateness()
    let isRealTime = Atomic<Bool>(false)

    package var snapshot: Snapshot {
        Snapshot(
            connections: connections.count, webSockets: webSockets.count, accepted: accepted.count,
            refused: refused.count, displaced: displaced.count, requests: requests.count,
            badRequests: badRequests.count,
            messagesReceived: messagesReceived.count, messagesSent: messagesSent.count,
            bytesReceived: bytesReceived.count, bytesSent: bytesSent.count, queueOverflows: queueOverflows.count,
            oversizedMessages: oversizedMessages.count, timeouts: timeouts.count, ticks: ticks.count,
            missedTicks: missedTicks.count, worstTickLateness: .nanoseconds(worstTickNanoseconds.count),
            tickLateness: tickLateness.snapshot, busyTime: busyTime.snapshot,
            isRealTime: isRealTime.load(ordering: .relaxed))
    }
}
