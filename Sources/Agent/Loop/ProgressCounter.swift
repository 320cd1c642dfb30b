import Synchronization

/// How far an answer has come, for the deadline that watches it.
final class ProgressCounter: Sendable {
    private let events = Atomic<Int>(0)

    /// Events so far.
    var count: Int { events.load(ordering: .relaxed) }

    func advance() { events.wrappingAdd(1, ordering: .relaxed) }
}
