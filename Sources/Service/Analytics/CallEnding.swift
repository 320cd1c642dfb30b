import CallSession
import Store

/// How a call ends for whoever is on it, as its events tell. A value.
struct CallEnding: Sendable {
    /// What the reducer ends a call for when the agent could not go on.
    private static let failures: Set<String> = ["failed", "stuck"]
    /// What the driver reports when the carrier has put the caller through.
    private static let passedOn = "transferred"

    private var wasWithPerson = false
    /// The line's end, in the carrier's words.
    private var hangUp: String?

    mutating func take(_ event: ConversationEvent) {
        if case .hungUp(let reason) = event, hangUp == nil { hangUp = reason }
    }

    mutating func take(_ note: CallNote) {
        switch note {
        case .operatorTurn, .transferred(.joined): wasWithPerson = true
        default: break
        }
    }

    /// - Parameters:
    ///   - reason: why the call ended, as its row has it.
    ///   - isPlaced: we called.
    ///   - answerer: who answered such a call.
    ///   - answered: turns of the caller that got an answer.
    func resolution(reason: String, isPlaced: Bool, answerer: String?, answered: Int) -> CallResolution {
        if wasWithPerson || hangUp == Self.passedOn { return .transferred }
        if Self.failures.contains(reason) { return .failed }
        if isPlaced, let answerer = answerer.flatMap(Answerer.init), answerer != .person, answerer != .unsure {
            return .unreached
        }
        // Whoever hangs up while the agent is saying goodbye had their answer: then the reason is the agent's.
        guard reason == hangUp else { return .contained }
        if LineEnd.isFault(reason) { return .failed }
        return answered == 0 && LineEnd.isHangUp(reason) ? .abandoned : .contained
    }
}
