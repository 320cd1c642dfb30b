import Networking

/// The 20 ms beat of one loop: a few timers, spread over the beat, for all its calls.
///
/// Were all calls served at one moment, whatever comes from a vendor meanwhile would wait for the last of them: at 100
/// calls some milliseconds in every beat. Confined to its loop's thread.
package final class MediaTicker: @unchecked Sendable {
    // @unchecked: handed to the sessions of one loop and used on that loop's thread only, which `add` and `remove` check.
    private struct Phase {
        var sessions: [ObjectIdentifier: CallSession] = [:]
        var timer: LoopTimer?
    }

    private static let beat = Duration.milliseconds(20)
    /// 2 ms from one to the next: uv's timers count whole milliseconds.
    private static let phaseCount = 10
    private var phases: [Phase]
    /// Which phase a call is in.
    private var places: [ObjectIdentifier: Int] = [:]

    package init() { phases = Array(repeating: Phase(), count: Self.phaseCount) }

    /// Calls under way on this loop.
    package var count: Int { places.count }

    func add(_ session: CallSession, on loop: EventLoop) {
        precondition(loop.isCurrent, "a ticker is used on its loop")
        guard let place = phases.indices.min(by: { phases[$0].sessions.count < phases[$1].sessions.count }) else {
            return
        }
        let id = ObjectIdentifier(session)
        places[id] = place
        phases[place].sessions[id] = session
        guard phases[place].timer == nil else { return }
        phases[place].timer = loop.scheduleRepeating(every: Self.beat, phase: Self.beat / Self.phaseCount * place) {
            [unowned self] _ in
            for session in phases[place].sessions.values { session.enterTick() }
        }
    }

    func remove(_ session: CallSession) {
        precondition(session.loop.isCurrent, "a ticker is used on its loop")
        let id = ObjectIdentifier(session)
        guard let place = places.removeValue(forKey: id) else { return }
        phases[place].sessions[id] = nil
        guard phases[place].sessions.isEmpty else { return }
        phases[place].timer?.cancel()
        phases[place].timer = nil
    }
}
