import Networking

/// The 20 ms beat of one loop: one timer for all its calls.
///
/// Confined to its loop's thread.
package final class MediaTicker: @unchecked Sendable {
    // @unchecked: handed to the sessions of one loop and used on that loop's thread only, which `add` and `remove` check.
    private var sessions: [ObjectIdentifier: CallSession] = [:]
    private var timer: LoopTimer?

    package init() {}

    /// Calls under way on this loop.
    package var count: Int { sessions.count }

    func add(_ session: CallSession, on loop: EventLoop) {
        precondition(loop.isCurrent, "a ticker is used on its loop")
        sessions[ObjectIdentifier(session)] = session
        guard timer == nil else { return }
        timer = loop.scheduleRepeating(every: .milliseconds(20)) { [unowned self] _ in
            for session in sessions.values { session.enterTick() }
        }
    }

    func remove(_ session: CallSession) {
        precondition(session.loop.isCurrent, "a ticker is used on its loop")
        sessions[ObjectIdentifier(session)] = nil
        guard sessions.isEmpty else { return }
        timer?.cancel()
        timer = nil
    }
}
