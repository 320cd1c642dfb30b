package import Foundation

/// So many of something a second, and at most a second's worth at once.
package struct TokenBucket: Sendable {
    private let rate: Double
    private let capacity: Double
    private var tokens: Double
    private var filled: Date?

    /// - Parameter rate: a second, above 0.
    package init(rate: Double) {
        precondition(rate > 0, "a bucket that is never filled")
        self.rate = rate
        capacity = max(rate, 1)
        tokens = 1
    }

    private mutating func fill(_ now: Date) {
        // A clock that was set back gives nothing and takes nothing.
        if let filled, now > filled { tokens = min(capacity, tokens + now.timeIntervalSince(filled) * rate) }
        filled = now
    }

    /// How many may be taken now.
    package mutating func available(_ now: Date) -> Int {
        fill(now)
        // A little short of one is one: sums of tenths are never exact.
        return Int(tokens + 1e-6)
    }

    package mutating func take(_ now: Date) {
        fill(now)
        tokens -= 1
    }

    /// When the next one is there.
    package func next(after now: Date) -> Date { now + max(0, (1 - tokens) / rate) }
}
