/// What an HTTP client has done. Written by the client's thread alone, but for `refused`; readable from any.
package final class HTTPClientMetrics: Sendable {
    package struct Snapshot: Sendable, Equatable {
        /// Under way now.
        package var active = 0
        package var started = 0
        /// Answered to the last byte, whatever the status.
        package var completed = 0
        package var failed = 0
        /// Given up by us.
        package var cancelled = 0
        /// Ended by a deadline; these count as failed too.
        package var deadlinesExceeded = 0
        /// Times a sender was held back because its body was not read.
        package var pauses = 0
        /// Requests that reused a connection.
        package var reusedConnections = 0
        package var bytesReceived = 0
    }

    let active = EventLoopMetrics.Counter()
    let started = EventLoopMetrics.Counter()
    let completed = EventLoopMetrics.Counter()
    let failed = EventLoopMetrics.Counter()
    let cancelled = EventLoopMetrics.Counter()
    let deadlinesExceeded = EventLoopMetrics.Counter()
    let pauses = EventLoopMetrics.Counter()
    let reusedConnections = EventLoopMetrics.Counter()
    let bytesReceived = EventLoopMetrics.Counter()

    package var snapshot: Snapshot {
        Snapshot(
            active: active.count, started: started.count, completed: completed.count, failed: failed.count,
            cancelled: cancelled.count, deadlinesExceeded: deadlinesExceeded.count, pauses: pauses.count,
            reusedConnections: reusedConnections.count, bytesReceived: bytesReceived.count)
    }
}
