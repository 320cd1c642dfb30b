package import Foundation

/// So many of something in any second: what an account at a carrier allows. A value with time as an argument.
///
/// Unlike a ``TokenBucket`` it saves nothing up, so that no second sees more, wherever it begins; and it can be told what others
/// have taken.
package struct RateWindow: Sendable {
    private let limit: Int
    private let length: TimeInterval
    /// The moments that still count, the oldest first.
    private var taken: [Date] = []

    /// - Parameters:
    ///   - rate: a second, above 0; below 1 it is one in a longer time.
    ///   - margin: how much longer something counts, since a request may be on its way for a while.
    package init(rate: Double, margin: TimeInterval = 0) {
        precondition(rate > 0, "a window that lets nothing through")
        limit = max(1, Int(rate))
        length = max(1, Double(limit) / rate) + margin
    }

    /// How long something counts.
    package var memory: TimeInterval { length }

    /// How many may be taken now.
    package mutating func available(_ now: Date) -> Int {
        // Moments to come are of a clock that was set back; they would count for ever.
        taken.removeAll { $0 <= now - length || $0 > now + length }
        return max(0, limit - taken.count)
    }

    package mutating func take(_ now: Date) { taken.append(now) }

    /// Counts what somebody else has taken before.
    package mutating func note(_ moments: [Date]) { taken = (taken + moments).sorted() }
}
