import CallSession
import Telephony

extension CallDesk {
    /// What is known of the calls, and who fits beside them.
    struct State {
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
                of: call.speaker, isPlaced: call.outbound != nil, hasBegun: call.back != nil || call.resumed != nil)
        }

        /// Why one more call is not taken; counted, unless it is of somebody who waits and asks again and again, or may begin to.
        ///
        /// - Parameters:
        ///   - ahead: who waits for a line before this one; nil where it does not wait itself.
        ///   - mayWait: who gets no line now may wait for one.
        mutating func refusal(
            maximum: Int, of call: Expected, ahead: Int? = nil, mayWait: Bool = false, at now: Duration
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
            if let reason, ahead == nil, !(mayWait && reason.passes) { refusals[reason, default: 0] += 1 }
            return reason
        }
    }
}
