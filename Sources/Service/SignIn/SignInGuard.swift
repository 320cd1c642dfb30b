import Foundation

/// How often a name may be tried with wrong passwords, and how many are checked at a time. A value.
struct SignInGuard: Sendable {
    /// Wrong ones in a row that cost nothing.
    static let free = 5
    /// Seconds after the next one; twice as long after each more.
    static let firstWait = 2.0
    static let longestWait = 900.0
    /// Checks at a time, those that wait too: each takes 16 MB and a good part of a second of a core that calls need.
    static let atOnce = 4
    /// Names that are remembered; the one that was tried longest ago makes room.
    static let names = 10_000

    private struct Tries: Sendable {
        var wrong: Int
        var last: Date
    }

    private var tries: [String: Tries] = [:]
    private var underWay = 0

    /// Asks to check a password. Whoever is let in says what came of it by ``finish(_:wasRight:at:)``.
    ///
    /// - Returns: seconds to wait instead; nil when it may be checked now.
    mutating func begin(_ name: String, at now: Date) -> Int? {
        if let past = tries[name], past.wrong >= Self.free {
            let wait = min(Self.firstWait * pow(2, Double(past.wrong - Self.free)), Self.longestWait)
            // A clock that was set back does not lock anybody out for longer than that.
            let left = min(past.last.addingTimeInterval(wait).timeIntervalSince(now), wait)
            if left > 0 { return Int(left.rounded(.up)) }
        }
        guard underWay < Self.atOnce else { return 1 }
        underWay += 1
        return nil
    }

    /// - Parameter wasRight: nil where it could not be checked, which is not held against the name.
    mutating func finish(_ name: String, wasRight: Bool?, at now: Date) {
        underWay -= 1
        guard let wasRight else { return }
        guard !wasRight else {
            tries[name] = nil
            return
        }
        if tries[name] == nil, tries.count >= Self.names,
            let oldest = tries.min(by: { $0.value.last < $1.value.last })
        {
            tries[oldest.key] = nil
        }
        let wrong = min((tries[name]?.wrong ?? 0) + 1, 40)
        tries[name] = Tries(wrong: wrong, last: now)
    }
}
