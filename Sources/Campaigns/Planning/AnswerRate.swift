package import Foundation

/// Which share of a campaign's calls is answered these days, by people and by machines: both take an agent. A value with time
/// as an argument.
///
/// What was seen counts half after ``halfLife``. Before anything was seen everybody is taken to answer, and so again after a
/// long pause: an hour of the day with other people at home begins with caution.
package struct AnswerRate: Sendable, Equatable {
    /// No share is believed that is lower: a list of dead numbers would let hundreds ring at once, and the first good one of
    /// the next part would meet them all.
    package static let lowest = 0.1
    package static let halfLife: TimeInterval = 900
    /// Answered calls that are taken to have been seen before the first.
    private static let prior = 10.0

    private var answered = 0.0
    private var attempts = 0.0
    private var seen: Date?

    package init() {}

    /// An attempt has ended.
    package mutating func note(isAnswered: Bool, at now: Date) {
        let kept = kept(now)
        answered = answered * kept + (isAnswered ? 1 : 0)
        attempts = attempts * kept + 1
        seen = now
    }

    /// The share, ``lowest``...1.
    package func share(at now: Date) -> Double {
        let kept = kept(now)
        let share = (answered * kept + Self.prior) / (attempts * kept + Self.prior)
        return min(1, max(Self.lowest, share))
    }

    /// What is left of what was seen; a clock that was set back makes nothing more of it.
    private func kept(_ now: Date) -> Double {
        guard let seen, now > seen else { return 1 }
        return exp2(-now.timeIntervalSince(seen) / Self.halfLife)
    }
}
