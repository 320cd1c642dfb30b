import Agent
import Networking

/// Callers whose stream has closed: where they are sent, and who comes back.
extension CallDesk {
    /// A caller who is sent on and may come back: who talked with them, and where that stands.
    struct Back: Sendable {
        var agent: PreparedAgent
        var dialogue: any Dialogue
        /// Told of the call that they come back on.
        var served: ServedCall
        var reason = ""
    }

    struct Away: Sendable {
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
}
