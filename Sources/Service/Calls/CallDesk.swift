import Agent
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
    }

    /// A caller who is sent on and may come back: who talked with them, and where that stands.
    struct Back: Sendable {
        var agent: PreparedAgent
        var dialogue: any Dialogue
        /// Told of the call that they come back on.
        var served: ServedCall
        var reason = ""
    }

    private struct Away: Sendable {
        var call: Expected
        var back: Back
        var expires: Duration
        /// The carrier is asked to dial for them; before that a call that ends is over.
        var isSentOn = false
    }

    /// What to do with a caller once the stream is closed.
    package enum Afterwards: Sendable, Equatable {
        case hangUp
        case transfer(TransferDestination)
    }

    private struct State {
        var expected: [String: Expected] = [:]
        /// The carriers' ids of calls that were taken: a webhook that is sent again does not announce them anew.
        var taken = ReplayGuard(lifetime: .seconds(86_400))
        /// Taken for their stream, and not on the line yet: of those, too, each has a line.
        var beginning: Set<String> = []
        var live: [String: CallSession] = [:]
        /// Of these, the calls that are over: what is still to be written of them takes no line.
        var over: Set<String> = []
        /// Callers to be sent on, until the carrier has asked or will not ask any more.
        var transfers: [String: (destination: TransferDestination, expires: Duration)] = [:]
        /// Carrier's id → callers who may come back.
        var away: [String: Away] = [:]
        var isClosed = false
        var isLate: @Sendable () -> Bool = { false }
        /// Callers who wait for a line: new calls come after them.
        var waiting = 0
        var rules = StopRules()
        var refusals = Dictionary(uniqueKeysWithValues: Refusal.allCases.map { ($0, 0) })

        /// Those on the line, those who begin, and those whose stream may still come: whoever is too late is cleared away only when
        /// the next call is announced, and has no line until then.
        func lines(at now: Duration) -> Int {
            live.count - over.count + beginning.count + expected.values.count { $0.expires > now }
        }

        /// What becomes of a call while people have stopped agents. Whoever is called for a caller is no new call of its own.
        func fate(of call: Expected) -> StopRules.Fate {
            guard !call.isPerson else { return .taken }
            return rules.fate(
                of: call.agent, isPlaced: call.outbound != nil, hasBegun: call.back != nil || call.resumed != nil)
        }

        /// Why one more call is not taken; counted, unless it is of somebody who waits and asks again and again.
        ///
        /// - Parameter ahead: who waits for a line before this one; nil where it does not wait itself.
        mutating func refusal(
            maximum: Int, of call: Expected, ahead: Int? = nil, at now: Duration
        ) -> Refusal? {
            let before = ahead ?? (call.isNew ? waiting : 0)
            var reason: Refusal?
            if isClosed {
                reason = .stopping
            } else if fate(of: call) == .refused {
                reason = .stopped
            } else if lines(at: now) + before >= maximum {
                reason = .full
            } else if isLate() {
                reason = .late
            }
            if let reason, ahead == nil { refusals[reason, default: 0] += 1 }
            return reason
        }
    }

    /// Why a call is not taken.
    package enum Refusal: String, Sendable, CaseIterable {
        /// Every line is taken or promised.
        case full
        /// The media threads are behind: one call more and all would go badly.
        case late
        /// The service is stopping.
        case stopping
        /// The call has been taken already: its webhook was sent again.
        case repeated
        /// A person has stopped the agent.
        case stopped
    }

    private let state = Lock(State())
    private let maximumCalls: Int
    private let reservation: Duration

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
    /// - Parameter ahead: of a caller who waits: who does so before them.
    /// - Returns: why it is not taken, nil when it is.
    package func expect(
        carrierCallID: String, _ call: Expected, ahead: Int? = nil, now: Duration
    ) -> Refusal? {
        state.withLock { state in
            state.expected = state.expected.filter { $0.value.expires > now }
            // A webhook that is sent again announces the same call.
            if state.expected[carrierCallID] != nil { return nil }
            if state.taken.contains(carrierCallID) {
                state.refusals[.repeated, default: 0] += 1
                return .repeated
            }
            if let refusal = state.refusal(maximum: maximumCalls, of: call, ahead: ahead, at: now) { return refusal }
            var call = call
            call.expires = now + reservation
            state.expected[carrierCallID] = call
            return nil
        }
    }

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

    /// How long after its decision a carrier may ask; it does so when the stream closes.
    private static let transferLifetime = Duration.seconds(300)

    /// Decides what the carrier is told when it asks after the stream of a call has closed. It need not ask.
    package func decide(_ afterwards: Afterwards, carrierCallID: String, now: Duration) {
        state.withLock { state in
            state.transfers = state.transfers.filter { $0.value.expires > now }
            switch afterwards {
            // What is told anyway needs no entry.
            case .hangUp: (state.transfers[carrierCallID], state.away[carrierCallID]) = (nil, nil)
            case .transfer(let destination):
                state.away[carrierCallID]?.isSentOn = true
                state.transfers[carrierCallID] = (destination, now + Self.transferLifetime)
            }
        }
    }

    package func takeAfterwards(carrierCallID: String, now: Duration) -> Afterwards {
        state.withLock { state in
            guard let transfer = state.transfers.removeValue(forKey: carrierCallID), transfer.expires > now else {
                return .hangUp
            }
            return .transfer(transfer.destination)
        }
    }

    /// The longest that a caller who was put through may talk before they are forgotten here.
    private static let awayLifetime = Duration.seconds(4 * 3600)

    /// A caller whose agent goes on with them, should nobody be reached.
    func keep(_ back: Back, of call: Expected, carrierCallID: String, now: Duration) {
        var call = call
        // Their dialogue remembers it by itself; told again it would live through it twice.
        call.resumed = nil
        state.withLock { state in
            state.away = state.away.filter { $0.value.expires > now }
            state.away[carrierCallID] = Away(call: call, back: back, expires: now + Self.awayLifetime)
        }
    }

    /// Whether the carrier is to say how its dialling for a caller ended.
    func mayComeBack(carrierCallID: String) -> Bool { state.withLock { $0.away[carrierCallID] != nil } }

    /// A caller who was put through has hung up, or whoever they talked with.
    func wasReached(carrierCallID: String) { state.withLock { $0.away[carrierCallID] = nil } }

    /// Nobody was reached: the caller is expected back, on a call of a new id.
    ///
    /// Also when every place is taken: theirs was given away while somebody was dialled for them.
    ///
    /// - Returns: false when there is nobody to come back to, when a person has stopped the agent and its calls, and when
    ///   the service stops.
    func expectBack(carrierCallID: String, reason: String, now: Duration) -> Bool {
        state.withLock { state in
            // A webhook that is sent again announces the same call.
            if state.expected[carrierCallID]?.back != nil { return true }
            // One that is not sent on has come back already, and may be sent on again.
            guard let away = state.away[carrierCallID], away.isSentOn else { return false }
            state.away[carrierCallID] = nil
            guard !state.isClosed else {
                state.refusals[.stopping, default: 0] += 1
                return false
            }
            var call = away.call
            call.callID = CallID.new()
            call.expires = now + reservation
            call.back = away.back
            call.back?.reason = reason
            guard state.fate(of: call) != .refused else {
                state.refusals[.stopped, default: 0] += 1
                return false
            }
            state.expected[carrierCallID] = call
            return true
        }
    }

    /// Callers to be sent on, of whom no carrier has asked yet.
    package var transferCount: Int { state.withLock { $0.transfers.count } }

    /// Takes no more calls.
    package func close() { state.withLock { $0.isClosed = true } }

    /// Everyone on the line right now.
    package var sessions: [CallSession] { state.withLock { Array($0.live.values) } }
}
