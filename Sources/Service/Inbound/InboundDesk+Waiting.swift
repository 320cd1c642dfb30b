import Networking

extension InboundDesk {
    /// Who is in line for a free line.
    struct Waiting: Sendable, Equatable {
        var callers: Int
        /// Nil where nobody is.
        var longest: Duration?
    }

    /// - Parameter now: time since 1970.
    /// - Returns: nil where the configuration has nobody wait.
    func waiting(at now: Duration) -> Waiting? {
        guard settings.overload == .queue else { return nil }
        return state.withLock { Waiting(callers: $0.queue.count, longest: $0.queue.longestWait(at: now)) }
    }
}
