/// The callers who wait for one person or desk, in the order in which they came. A value; time is an argument.
///
/// A caller is there as long as they look: one who was being put through and does not look again has been, and how long that
/// took is what the next ones are told.
struct WaitingLine: Sendable {
    struct Place: Sendable, Equatable {
        /// From 1.
        var position: Int
        /// Nil while nobody was put through yet.
        var wait: Duration?
    }

    private struct Caller: Sendable {
        let id: String
        /// The call that they are on: coming back they have another one.
        var call: String
        let joined: Duration
        let joinedAt: Int
        var seen: Duration
        /// Is being put through.
        var isCalled = false
    }

    private var callers: [Caller] = []
    /// Waits for each place of those put through last, the oldest first.
    private var waits: [Duration] = []

    /// Longer than any time between two looks.
    static let forgotten = Duration.seconds(150)
    private static let remembered = 10

    var count: Int { callers.count }

    /// Where a caller stands; whoever is new stands last.
    mutating func look(_ id: String, on call: String, at now: Duration) -> Place {
        forget(at: now)
        if let index = callers.firstIndex(where: { $0.id == id }) {
            callers[index].seen = now
            callers[index].call = call
            callers[index].isCalled = false
        } else {
            callers.append(Caller(id: id, call: call, joined: now, joinedAt: waiting.count + 1, seen: now))
        }
        let position = 1 + waiting.prefix { $0.id != id }.count
        return Place(position: position, wait: waits.isEmpty ? nil : mean * position)
    }

    /// A caller is being put through; until they look again the next one is the first.
    mutating func go(_ id: String) {
        guard let index = callers.firstIndex(where: { $0.id == id }) else { return }
        callers[index].isCalled = true
    }

    /// A caller does not wait any longer.
    mutating func leave(_ id: String, at now: Duration) {
        callers.removeAll { $0.id == id }
        forget(at: now)
    }

    /// A call is over: whoever waited on it has hung up, unless they are being put through.
    mutating func ended(call: String, at now: Duration) {
        callers.removeAll { $0.call == call && !$0.isCalled }
        forget(at: now)
    }

    private var waiting: [Caller] { callers.filter { !$0.isCalled } }

    private var mean: Duration { waits.reduce(.zero, +) / max(1, waits.count) }

    private mutating func forget(at now: Duration) {
        for caller in callers where now - caller.seen >= Self.forgotten && caller.isCalled {
            waits.append((caller.seen - caller.joined) / caller.joinedAt)
            if waits.count > Self.remembered { waits.removeFirst() }
        }
        callers.removeAll { now - $0.seen >= Self.forgotten }
    }
}
