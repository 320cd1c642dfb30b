import Synchronization

/// Lets replies run one after the other, in the order in which they were asked for.
final class TurnQueue: Sendable {
    private let tickets = Atomic<Int>(0)
    private let line = Line()

    /// A place in the order of replies. Every ticket must be waited for and finished.
    func takeTicket() -> Int { tickets.wrappingAdd(1, ordering: .relaxed).oldValue }

    /// Returns when every earlier ticket is finished.
    func wait(for ticket: Int) async { await line.wait(for: ticket) }

    func finish(_ ticket: Int) async { await line.finish(ticket) }

    private actor Line {
        private var current = 0
        private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

        func wait(for ticket: Int) async {
            if ticket <= current { return }
            await withCheckedContinuation { waiting[ticket] = $0 }
        }

        func finish(_ ticket: Int) {
            current = ticket + 1
            waiting.removeValue(forKey: current)?.resume()
        }
    }
}
