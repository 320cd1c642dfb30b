/// Remembers for a while what may be used once.
///
/// Bounded: when it is full the oldest is forgotten, which costs the certainty about that one and no memory.
package struct ReplayGuard: Sendable {
    private let capacity: Int
    private let lifetime: Duration
    private var seen: [String: Duration] = [:]
    private var order: [(name: String, time: Duration)] = []
    private var first = 0

    /// - Parameters:
    ///   - lifetime: how long a name stays used.
    package init(capacity: Int = 20_000, lifetime: Duration = .seconds(1200)) {
        self.capacity = capacity
        self.lifetime = lifetime
    }

    package var count: Int { seen.count }

    package func contains(_ name: String) -> Bool { seen[name] != nil }

    /// Uses a name.
    ///
    /// - Parameter now: time since 1970.
    /// - Returns: whether it had not been used.
    package mutating func use(_ name: String, now: Duration) -> Bool {
        while first < order.count, order[first].time + lifetime <= now || seen.count >= capacity {
            seen[order[first].name] = nil
            first += 1
        }
        if first > capacity {
            order.removeFirst(first)
            first = 0
        }
        guard seen[name] == nil else { return false }
        seen[name] = now
        order.append((name, now))
        return true
    }
}
