package import CallSession
import Networking
import Telephony

/// The calls of this process: who is expected, who is on the line, and how many more fit.
///
/// A webhook announces a call and reserves its place; the media socket that shows the call's token takes it.
package final class CallDesk: Sendable {
    /// A call whose media has not started.
    package struct Expected: Sendable {
        package var callID: String
        package var agent: String
        package var from: String
        package var to: String
        package var expires: Duration
        /// What it is about, when we placed it; nil when somebody called us.
        package var outbound: OutboundCall?
        /// Somebody else holds the line for whoever is on this one; see ``PersonCalls``.
        var isPerson = false
        /// The conversation that a caller comes back to whom nobody was reached for.
        var back: Back?
        /// The call that this one goes on with, of a node that is no more.
        var resumed: CallResumer.Resumed?

        /// Whether somebody calls who has not been on the line before: whoever waits for one comes first.
        var isNew: Bool { outbound == nil && !isPerson && back == nil && resumed == nil }
        /// The agent who has the conversation: of a caller who is back not always the one whom the call began with.
        var speaker: String { back?.served.speaker ?? agent }
    }

    let state = Lock(State())
    private let maximumCalls: Int
    let reservation: Duration

    /// - Parameters:
    ///   - maximumCalls: calls on the line and expected ones together.
    ///   - reservation: how long an announced call may take to open its stream.
    package init(maximumCalls: Int, reservation: Duration = .seconds(60)) {
        self.maximumCalls = maximumCalls
        self.reservation = reservation
    }

    /// Calls on the line, and those that are over and not yet written down.
    package var liveCount: Int { state.withLock { $0.live.count } }
    /// Calls on the line, and announced ones, which have a line kept for them.
    package func linesInUse(now: Duration) -> Int { state.withLock { $0.lines(at: now) } }
    /// How many more calls are taken; nobody waits for these lines.
    package func freeLines(now: Duration) -> Int {
        state.withLock { $0.isClosed ? 0 : max(0, maximumCalls - $0.lines(at: now) - $0.waiting) }
    }
    /// Calls on the line, those that begin, and announced ones whose stream may still come.
    package func openCount(now: Duration) -> Int {
        state.withLock { state in
            state.live.count + state.beginning.count + state.expected.values.count { $0.expires > now }
        }
    }
    /// Callers who wait for a line.
    package var waitingCount: Int { state.withLock { $0.waiting } }
    /// Calls refused, by reason.
    package var refusals: [Refusal: Int] { state.withLock { $0.refusals } }

    /// Takes no call while `isLate` says so. It is asked for every new call, on any thread, and must be quick.
    package func refuseWhile(_ isLate: @escaping @Sendable () -> Bool) { state.withLock { $0.isLate = isLate } }

    /// Keeps the lines that become free for so many callers who wait: new calls, and those that we place, come after them.
    func keepLines(for waiting: Int) { state.withLock { $0.waiting = waiting } }

    /// Announces a call of the carrier and keeps its place.
    ///
    /// - Parameters:
    ///   - ahead: of a caller who waits: who does so before them.
    ///   - mayWait: the caller may wait where a line may come free: that is no refusal yet. Where there is no room for them,
    ///     ``turnAway(_:)`` counts it.
    /// - Returns: why it is not taken, nil when it is.
    package func expect(
        carrierCallID: String, _ call: Expected, ahead: Int? = nil, mayWait: Bool = false, now: Duration
    ) -> Refusal? {
        state.withLock { state in
            state.expected = state.expected.filter { $0.value.expires > now }
            // A webhook that is sent again announces the same call.
            if state.expected[carrierCallID] != nil { return nil }
            if state.taken.contains(carrierCallID) {
                state.refusals[.repeated, default: 0] += 1
                return .repeated
            }
            let refusal = state.refusal(maximum: maximumCalls, of: call, ahead: ahead, mayWait: mayWait, at: now)
            if let refusal { return refusal }
            var call = call
            call.expires = now + reservation
            state.expected[carrierCallID] = call
            return nil
        }
    }

    /// There is no room to wait for somebody who had no line.
    func turnAway(_ reason: Refusal) { state.withLock { $0.refusals[reason, default: 0] += 1 } }

    /// Whether the call was announced here, within a day.
    func knows(carrierCallID: String) -> Bool {
        state.withLock { state in
            state.expected[carrierCallID] != nil || state.taken.contains(carrierCallID)
                || state.away[carrierCallID] != nil
        }
    }

    /// The announced call, to look at.
    package func expected(carrierCallID: String) -> Expected? { state.withLock { $0.expected[carrierCallID] } }

    /// Takes an announced call for its stream; nil when it was not announced, was taken before, or came too late.
    ///
    /// Its line is kept until it has begun, or is ``refused(callID:)``.
    package func take(carrierCallID: String, now: Duration) -> Expected? {
        state.withLock { state in
            guard let call = state.expected.removeValue(forKey: carrierCallID), call.expires > now else { return nil }
            _ = state.taken.use(carrierCallID, now: now)
            state.beginning.insert(call.callID)
            return call
        }
    }

    /// Why a call that nobody announced (load drivers on loopback) is not taken, nil when it is; then its line is kept as that of
    /// one that was announced.
    package func refusal(of call: Expected, now: Duration) -> Refusal? {
        state.withLock { state in
            if let refusal = state.refusal(maximum: maximumCalls, of: call, at: now) { return refusal }
            state.beginning.insert(call.callID)
            return nil
        }
    }

    /// The stream that a call was taken for does not become one: nobody could answer it.
    func refused(callID: String) { state.withLock { _ = $0.beginning.remove(callID) } }

    /// Gives new calls to agents as people want it who stopped some of them. What was announced and has not begun is new.
    func follow(_ rules: StopRules) {
        state.withLock { state in
            state.rules = rules
            let stopped = state.expected.filter { state.fate(of: $0.value) == .refused }
            for key in stopped.keys { state.expected[key] = nil }
            state.refusals[.stopped, default: 0] += stopped.count
        }
    }

    /// Whether a caller goes straight to their agent's escalation, for a person has stopped it so.
    func sendsOn(_ call: Expected) -> Bool { state.withLock { $0.fate(of: call) == .sentOn } }

    /// Whether an agent speaks on a call that may be handed over to it: the call's own, and any that nobody has stopped.
    func speaks(_ agent: String, on call: Expected) -> Bool {
        agent == call.agent
            || state.withLock { $0.rules.fate(of: agent, hasBegun: call.back != nil || call.resumed != nil) } == .taken
    }

    package func began(_ session: CallSession) {
        state.withLock { state in
            state.beginning.remove(session.id)
            state.live[session.id] = session
        }
    }

    /// The caller has gone: their line is free, although the recording may still have to be closed and its checksum made.
    package func over(callID: String) {
        state.withLock { state in
            if state.live[callID] != nil { state.over.insert(callID) }
        }
    }

    /// Nothing more is to be written of the call.
    package func ended(callID: String) {
        let session = state.withLock { state in
            state.over.remove(callID)
            state.away = state.away.filter { $0.value.isSentOn || $0.value.call.callID != callID }
            return state.live.removeValue(forKey: callID)
        }
        // Released outside the lock: its last reference may be this one.
        withExtendedLifetime(session) {}
    }

    package func session(callID: String) -> CallSession? { state.withLock { $0.live[callID] } }

    /// Tells a call what the carrier makes of who answered it, also one whose stream is still to come.
    func answered(callID: String, carrierCallID: String, by answeredBy: String) async {
        let session = state.withLock { state in
            state.expected[carrierCallID]?.outbound?.carrierAnswer = answeredBy
            return state.live[callID]
        }
        await session?.carrierAnswered(answeredBy)
    }

    /// Takes no more calls.
    package func close() { state.withLock { $0.isClosed = true } }

    /// Everyone on the line right now.
    package var sessions: [CallSession] { state.withLock { Array($0.live.values) } }
}
