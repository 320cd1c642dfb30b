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
    /// Those of others who take from the same, as far as is known.
    private var others: [Date] = []

    /// - Parameters:
    ///   - rate: a second, above 0. Below 1 it is one in a longer time, and 7.5 are 8 in as much more than a second: a part of
    ///     one is no call, and rounded down it would be a part less of all.
    ///   - margin: how much longer something counts, since a request may be on its way for a while.
    package init(rate: Double, margin: TimeInterval = 0) {
        precondition(rate > 0, "a window that lets nothing through")
        limit = Int(rate.rounded(.up))
        length = Double(limit) / rate + margin
    }

    /// How long something counts.
    package var memory: TimeInterval { length }

    /// How many may be taken now.
    package mutating func available(_ now: Date) -> Int {
        // Moments to come are of a clock that was set back; they would count for ever.
        taken.removeAll { $0 <= now - length || $0 > now + length }
        others.removeAll { $0 <= now - length || $0 > now + length }
        return max(0, limit - taken.count - others.count)
    }

    package mutating func take(_ now: Date) { taken.append(now) }

    /// When one may be taken, if `others` are before it and each of them is taken as soon as it may be.
    package func next(after now: Date, behind others: Int = 0) -> Date {
        var copy = self
        var moment = copy.free(now)
        for _ in 0..<others {
            copy.take(moment)
            moment = copy.free(moment)
        }
        return moment
    }

    /// The first moment from `now` on at which one may be taken.
    private mutating func free(_ now: Date) -> Date {
        guard available(now) == 0 else { return now }
        // A little later than the oldest that is in the way stops counting: sums of moments are never exact.
        let all = (taken + others).sorted()
        return all[all.count - limit] + length + 0.001
    }

    /// The last `count` that were taken begin only now.
    package mutating func move(_ count: Int, to now: Date) {
        // Some may count no longer; what is left of them is newer than all others.
        taken.removeLast(min(count, taken.count))
        taken += Array(repeating: now, count: count)
    }

    /// What others have taken lately, in place of what was known of that before.
    package mutating func know(others moments: [Date]) { others = moments }

    /// Counts what somebody else has taken before.
    package mutating func note(_ moments: [Date]) { taken = (taken + moments).sorted() }
}
