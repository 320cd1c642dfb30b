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
    }

    /// What to do with a caller once the stream is closed.
    package enum Afterwards: Sendable, Equatable {
        case hangUp
        case transfer(destination: String)
    }

    private struct State {
        var expected: [String: Expected] = [:]
        var live: [String: CallSession] = [:]
        var afterwards: [String: Afterwards] = [:]
        var isClosed = false
        var refused = 0
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

    package var liveCount: Int { state.withLock { $0.live.count } }
    /// Calls on the line, and announced ones whose stream may still come.
    package func openCount(now: Duration) -> Int {
        state.withLock { state in state.live.count + state.expected.values.count { $0.expires > now } }
    }
    /// Calls refused for lack of room.
    package var refusedCount: Int { state.withLock { $0.refused } }

    /// Announces a call of the carrier; false when there is no room or the service is stopping.
    package func expect(carrierCallID: String, _ call: Expected, now: Duration) -> Bool {
        state.withLock { state in
            state.expected = state.expected.filter { $0.value.expires > now }
            // A webhook that is sent again announces the same call.
            if state.expected[carrierCallID] != nil { return true }
            guard !state.isClosed, state.live.count + state.expected.count < maximumCalls else {
                state.refused += 1
                return false
            }
            var call = call
            call.expires = now + reservation
            state.expected[carrierCallID] = call
            return true
        }
    }

    /// The announced call, to look at.
    package func expected(carrierCallID: String) -> Expected? { state.withLock { $0.expected[carrierCallID] } }

    /// Takes an announced call for its stream; nil when it was not announced, was taken before, or came too late.
    package func take(carrierCallID: String, now: Duration) -> Expected? {
        state.withLock { state in
            guard let call = state.expected.removeValue(forKey: carrierCallID), call.expires > now else { return nil }
            return call
        }
    }

    /// Whether one more call that nobody announced fits (load drivers on loopback).
    package func hasRoom() -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.live.count + state.expected.count < maximumCalls else {
                state.refused += 1
                return false
            }
            return true
        }
    }

    package func began(_ session: CallSession) { state.withLock { $0.live[session.id] = session } }

    package func ended(callID: String) {
        let session = state.withLock { $0.live.removeValue(forKey: callID) }
        // Released outside the lock: its last reference may be this one.
        withExtendedLifetime(session) {}
    }

    package func session(callID: String) -> CallSession? { state.withLock { $0.live[callID] } }

    /// Decides what the carrier is told when it asks after the stream of a call has closed.
    package func decide(_ afterwards: Afterwards, carrierCallID: String) {
        state.withLock { $0.afterwards[carrierCallID] = afterwards }
    }

    package func takeAfterwards(carrierCallID: String) -> Afterwards {
        state.withLock { $0.afterwards.removeValue(forKey: carrierCallID) ?? .hangUp }
    }

    /// Takes no more calls.
    package func close() { state.withLock { $0.isClosed = true } }

    /// Everyone on the line right now.
    package var sessions: [CallSession] { state.withLock { Array($0.live.values) } }
}
