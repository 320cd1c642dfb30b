/// Decides whether and when a failed request is sent again. Waiting counts against one budget, because a caller waits too.
struct ModelBackoff: Sendable {
    private var left: Duration
    private var attempt = 0

    /// Attempts after the first one.
    private static let retries = 2

    init(budget: Duration) {
        left = budget
    }

    /// How long to wait before the next attempt; nil to give up.
    mutating func delay(after error: ModelError) -> Duration? {
        guard error.isRetryable, error.code != .deadlineExceeded, attempt < Self.retries else { return nil }
        let wished = error.retryAfter ?? .milliseconds(150 << attempt)
        attempt += 1
        guard wished <= left else { return nil }
        left -= wished
        return wished
    }
}
