import Foundation

/// When spans are sent, and what follows from a collector's answer, after the rules of OTLP/HTTP. A value: time is an
/// argument, and nothing is sent here.
struct SpanExportPlanner: Sendable {
    struct Settings: Sendable, Equatable {
        /// Spans of one request.
        var batch = 512
        /// How long a span waits for others at most.
        var period = Duration.seconds(2)
        /// After the first failure; doubles with each.
        var firstRetry = Duration.seconds(1)
        var longestRetry = Duration.seconds(30)
        /// Of what the collector asks for with `Retry-After`.
        var longestPause = Duration.seconds(300)
        /// So often the same spans are sent.
        var attempts = 8
    }

    enum Answer: Sendable, Equatable {
        /// - Parameters:
        ///   - rejected: spans that the collector did not take, by its own words.
        ///   - retryAfter: what it asked for.
        case status(Int, rejected: Int = 0, retryAfter: Duration? = nil)
        case failed(String)
    }

    enum Verdict: Sendable, Equatable {
        /// The collector has them, but for so many.
        case sent(rejected: Int)
        /// They are to be sent again, later.
        case again(reason: String)
        /// They are given up.
        case lost(reason: String)
    }

    let settings: Settings
    private var attempts = 0
    private var notBefore = Duration.zero

    init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Whether a request is to be made now.
    ///
    /// - Parameters:
    ///   - waiting: spans that wait.
    ///   - oldest: since when the oldest of them does.
    ///   - isStopping: nothing waits for more. What the collector asked for, or a failure, is waited for all the same.
    func isDue(waiting: Int, oldest: Duration, isStopping: Bool, at now: Duration) -> Bool {
        guard waiting > 0 else { return false }
        return now >= notBefore && (isStopping || waiting >= settings.batch || now - oldest >= settings.period)
    }

    /// - Parameter chance: 0...1; nodes that failed together do not come back together.
    mutating func verdict(on answer: Answer, at now: Duration, chance: Double) -> Verdict {
        let (reason, asked): (String, Duration?)
        switch answer {
        case .status(200..<300, let rejected, _):
            (attempts, notBefore) = (0, .zero)
            return .sent(rejected: rejected)
        case .status(let status, _, let retryAfter) where [429, 502, 503, 504].contains(status):
            (reason, asked) = ("status \(status)", retryAfter)
        case .status(let status, _, _):
            (attempts, notBefore) = (0, .zero)
            return .lost(
                reason: (300..<400).contains(status)
                    ? "status \(status): redirects are not followed" : "status \(status)")
        case .failed(let text): (reason, asked) = (text, nil)
        }
        attempts += 1
        let doubled = min(settings.firstRetry * (1 << min(attempts - 1, 16)), settings.longestRetry)
        notBefore = now + (asked.map { min($0, settings.longestPause) } ?? doubled * (0.8 + 0.4 * chance))
        guard attempts < settings.attempts else {
            attempts = 0
            return .lost(reason: reason)
        }
        return .again(reason: reason)
    }
}
