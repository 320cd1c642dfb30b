package import Foundation

/// The numbers a campaign calls from, the nearest to the callee first and those that are as near in turn, none of them too
/// often a day: a number that calls too much is soon marked as spam.
package struct CallerIDPool: Sendable {
    private let presence: LocalPresence
    private let numbers: [String]
    private let callsPerDay: Int
    private var used: [String: [Date]] = [:]

    package init(_ numbers: [String], callsPerDay: Int) {
        presence = LocalPresence(numbers)
        self.numbers = numbers
        self.callsPerDay = callsPerDay
    }

    /// The number to call from; nil when each has made its calls of the last 24 hours.
    ///
    /// - Parameter callee: nil asks for any.
    package mutating func next(_ now: Date, for callee: PhoneNumber? = nil) -> String? {
        for number in numbers {
            // The times are in order: the old ones are at the front.
            if let first = used[number]?.firstIndex(where: { $0 > now - 86_400 }) {
                if first > 0 { used[number]?.removeFirst(first) }
            } else {
                used[number] = nil
            }
        }
        return presence.choose(for: callee, limit: callsPerDay) { used[$0]?.count ?? 0 }
    }

    /// When one of them is free again, while none is; nil where there are no numbers at all.
    package func nextFree() -> Date? {
        used.values.compactMap { $0.count < callsPerDay ? nil : $0[$0.count - callsPerDay] + 86_400.001 }.min()
    }

    package mutating func used(_ number: String, _ now: Date) { used[number, default: []].append(now) }
}
