package import Foundation

/// The numbers a campaign calls from, in turn, none of them too often a day: a number that calls too much is soon marked
/// as spam.
package struct CallerIDPool: Sendable {
    private let numbers: [String]
    private let callsPerDay: Int
    private var used: [String: [Date]] = [:]
    private var turn = 0

    package init(_ numbers: [String], callsPerDay: Int) {
        self.numbers = numbers
        self.callsPerDay = callsPerDay
    }

    /// The next number that is free; nil when each has made its calls of the last 24 hours.
    package mutating func next(_ now: Date) -> String? {
        for step in 0..<numbers.count {
            let number = numbers[(turn + step) % numbers.count]
            // The times are in order: the old ones are at the front.
            if let first = used[number]?.firstIndex(where: { $0 > now - 86_400 }) {
                if first > 0 { used[number]?.removeFirst(first) }
            } else {
                used[number] = nil
            }
            if used[number]?.count ?? 0 < callsPerDay { return number }
        }
        return nil
    }

    /// When one of them is free again, while none is; nil where there are no numbers at all.
    package func nextFree() -> Date? {
        used.values.compactMap { $0.count < callsPerDay ? nil : $0[$0.count - callsPerDay] + 86_400.001 }.min()
    }

    package mutating func used(_ number: String, _ now: Date) {
        used[number, default: []].append(now)
        turn += 1
    }
}
