import Foundation

/// Wrong passwords by one kind of key, a bounded number of keys, and how long each has to wait for them. A value.
struct SignInTries: Sendable {
    /// What the wrong ones in a row cost.
    struct Terms: Sendable {
        /// So many cost nothing.
        let free: Int
        /// Seconds after the next one; twice as long after each more.
        let firstWait: Double
        /// One of them is forgotten in every such time, in which whoever guesses could try but one more.
        let longestWait: Double
    }

    private struct Tries: Sendable {
        var wrong: Int
        var last: Date
    }

    private let terms: Terms
    private let most: Int
    private var tries: [String: Tries] = [:]

    /// - Parameter most: keys that are remembered; the one that was tried longest ago makes room.
    init(_ terms: Terms, most: Int) {
        self.terms = terms
        self.most = most
    }

    /// Seconds until `key` may be tried again; nil when it may be now.
    func wait(_ key: String, at now: Date) -> Int? {
        guard let past = tries[key], past.wrong >= terms.free else { return nil }
        let wait = min(terms.firstWait * pow(2, Double(past.wrong - terms.free)), terms.longestWait)
        // A clock that was set back does not lock anybody out for longer than that.
        let left = min(past.last.addingTimeInterval(wait).timeIntervalSince(now), wait)
        return left > 0 ? Int(left.rounded(.up)) : nil
    }

    mutating func wasWrong(_ key: String, at now: Date) {
        if tries[key] == nil, tries.count >= most, let oldest = tries.min(by: { $0.value.last < $1.value.last }) {
            tries[oldest.key] = nil
        }
        // Beyond every longest wait, and no number that grows for ever.
        tries[key] = Tries(wrong: min(remembered(key, at: now) + 1, terms.free + 40), last: now)
    }

    /// How many still count: an address that people share would otherwise be held up by what they mistyped in months.
    private func remembered(_ key: String, at now: Date) -> Int {
        guard let past = tries[key] else { return 0 }
        let forgotten = max(now.timeIntervalSince(past.last) / terms.longestWait, 0)
        return max(past.wrong - Int(min(forgotten, Double(past.wrong))), 0)
    }

    mutating func forget(_ key: String) { tries[key] = nil }
}
