/// The callers who are asked for a language before an agent answers, and what they chose. A value; time is an argument.
///
/// Each is asked twice at most. The answer to an earlier question is one that was sent again: it changes nothing. Bounded:
/// where there is no room, those who were asked longest ago are forgotten, and would be asked anew.
package struct LanguageMenu: Sendable {
    package enum Standing: Sendable, Equatable {
        case asked(round: Int)
        /// Nil when no key was pressed that leads somewhere.
        case chosen(key: String?)
    }

    private struct Entry: Sendable {
        var standing: Standing
        var at: Duration
    }

    package static let rounds = 2

    private let capacity: Int
    private let lifetime: Duration
    private var entries: [String: Entry] = [:]

    /// - Parameter lifetime: how long a choice is remembered: as long as a caller may wait for a line after it.
    package init(capacity: Int = 5000, lifetime: Duration = .seconds(10_800)) {
        self.capacity = max(capacity, 1)
        self.lifetime = lifetime
    }

    package var count: Int { entries.count }

    /// Where a caller stands; who is new is asked.
    package mutating func look(_ id: String, at now: Duration) -> Standing {
        if let entry = entries[id] { return entry.standing }
        makeRoom(at: now)
        entries[id] = Entry(standing: .asked(round: 1), at: now)
        return .asked(round: 1)
    }

    /// Takes an answer.
    ///
    /// - Parameters:
    ///   - key: nil for none.
    ///   - keys: those that lead somewhere.
    package mutating func answer(_ id: String, round: Int, key: String?, of keys: Set<String>, at now: Duration) {
        guard let entry = entries[id], entry.standing == .asked(round: round) else { return }
        if let key, keys.contains(key) {
            entries[id] = Entry(standing: .chosen(key: key), at: now)
        } else if round >= Self.rounds {
            entries[id] = Entry(standing: .chosen(key: nil), at: now)
        } else {
            entries[id] = Entry(standing: .asked(round: round + 1), at: now)
        }
    }

    package mutating func forget(_ id: String) { entries[id] = nil }

    private mutating func makeRoom(at now: Duration) {
        guard entries.count >= capacity else { return }
        let start = now - lifetime
        entries = entries.filter { $0.value.at > start }
        // Several at once, as a flood is not to look through all of them for every call.
        let excess = entries.count - (capacity - max(capacity / 16, 1))
        guard excess > 0 else { return }
        for oldest in entries.sorted(by: { $0.value.at < $1.value.at }).prefix(excess) { entries[oldest.key] = nil }
    }
}
