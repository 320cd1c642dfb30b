package import Foundation

/// How often callers have called of late.
///
/// A bounded table: for a new caller it first forgets those whose calls count no longer, then, where that does not leave a
/// sixteenth of it free, those who called longest ago, which it counts.
package struct CallerCounts: Sendable {
    private struct Entry {
        /// Of the calls that were taken, the oldest first.
        var calls: [(id: String, at: Date)]
        var last: Date { calls.last?.at ?? .distantPast }
    }

    private var entries: [String: Entry] = [:]
    private let capacity: Int
    /// Callers who were forgotten although their calls still counted.
    package private(set) var evictions = 0

    /// - Parameter capacity: callers at most.
    package init(capacity: Int = 10_000) { self.capacity = max(capacity, 1) }

    /// Callers whose calls are remembered.
    package var count: Int { entries.count }

    /// Counts a call, unless its caller had `limit` within `window` before; then it is not to be taken, and not counted.
    ///
    /// - Parameter id: a call that was counted is not counted again.
    package mutating func admits(
        _ caller: String, call id: String, at moment: Date, limit: Int, window: Duration
    ) -> Bool {
        let start = moment.addingTimeInterval(-Double(window.components.seconds))
        var calls = entries[caller]?.calls ?? []
        calls.removeAll { $0.at <= start }
        if calls.contains(where: { $0.id == id }) { return true }
        guard calls.count < limit else {
            entries[caller] = Entry(calls: calls)
            return false
        }
        if entries[caller] == nil { makeRoom(since: start) }
        calls.append((id, moment))
        entries[caller] = Entry(calls: calls)
        return true
    }

    /// Counts a call no more: it was not taken after all.
    package mutating func forget(_ caller: String, call id: String) {
        guard var calls = entries[caller]?.calls else { return }
        calls.removeAll { $0.id == id }
        entries[caller] = calls.isEmpty ? nil : Entry(calls: calls)
    }

    private mutating func makeRoom(since start: Date) {
        guard entries.count >= capacity else { return }
        entries = entries.filter { $0.value.last > start }
        // Several at once: a flood of numbers is not to make every call look through all of them, on a media thread at that.
        let excess = entries.count - (capacity - max(capacity / 16, 1))
        guard excess > 0 else { return }
        for oldest in entries.sorted(by: { $0.value.last < $1.value.last }).prefix(excess) {
            entries[oldest.key] = nil
            evictions += 1
        }
    }
}
