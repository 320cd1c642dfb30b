import Foundation

/// A token bucket: so many requests at once, and so many a second after that.
struct RequestBucket: Sendable, Equatable {
    /// What a client is told.
    struct Verdict: Sendable, Equatable {
        var isAdmitted: Bool
        /// Requests that may follow at once.
        var remaining: Int
        /// Seconds until the bucket is full again.
        var full: Int
        /// Seconds until the next request is admitted; 0 when it would be at once.
        var wait: Int
    }

    let rate: Double
    let burst: Int
    private var tokens: Double
    private var filled: Date

    /// - Parameters:
    ///   - rate: a second, above 0.
    ///   - burst: at least 1.
    init(rate: Double, burst: Int, now: Date) {
        precondition(rate > 0 && burst >= 1, "a bucket that admits nobody")
        self.rate = rate
        self.burst = burst
        tokens = Double(burst)
        filled = now
    }

    /// Whether its owner is as well off without it.
    func isFull(_ now: Date) -> Bool { filled(by: now) >= Double(burst) }

    // A clock that was set back gives nothing and takes nothing.
    private func filled(by now: Date) -> Double {
        min(Double(burst), tokens + max(now.timeIntervalSince(filled), 0) * rate)
    }

    mutating func take(_ now: Date) -> Verdict {
        tokens = filled(by: now)
        filled = now
        let isAdmitted = tokens >= 1
        if isAdmitted { tokens -= 1 }
        return Verdict(
            isAdmitted: isAdmitted, remaining: Int(tokens),
            full: Int(((Double(burst) - tokens) / rate).rounded(.up)),
            wait: tokens >= 1 ? 0 : max(Int(((1 - tokens) / rate).rounded(.up)), 1))
    }
}
