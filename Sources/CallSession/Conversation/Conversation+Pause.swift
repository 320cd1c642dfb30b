package import Agent

/// A pause of the caller, as the rules of politeness see it: what ``TurnDetector/wait(after:expecting:completeness:likelihood:whileHolding:)``
/// is asked with.
package struct CallerPause: Sendable, Equatable {
    /// The last voiced sample before it.
    package var lastVoiced: Int
    package var words: String
    package var kind: Expectation.Kind
    package var completeness: TurnCompleteness?
    package var likelihood: Double?
    package var profile: TurnProfile
    /// Whether the agent holds its breath meanwhile.
    package var isHolding: Bool

    /// The end of the turn under these rules, in samples since the media started; `now` where it is overdue.
    package func end(under rules: TurnDetector, now: Int) -> Int {
        let wait = rules.wait(
            after: words, expecting: kind, completeness: completeness, likelihood: likelihood,
            profile: profile, whileHolding: isHolding)
        return max(lastVoiced + wait, now)
    }
}

extension Conversation {
    /// The pause under way; nil while the caller speaks, and when their turn is over.
    package var pause: CallerPause? {
        guard case .pausing(_, let onset, let lastVoiced) = caller else { return nil }
        var isHolding = false
        if case .held = voice { isHolding = lastVoiced - onset <= TurnDetector.shortSound.samples }
        return CallerPause(
            lastVoiced: lastVoiced, words: interim, kind: expectation.kind, completeness: completeness,
            likelihood: endLikelihood, profile: profile(voiced: lastVoiced - onset), isHolding: isHolding)
    }

    private func profile(voiced: Int) -> TurnProfile {
        if isToolRunning { return .toolWait }
        if voiced >= TurnProfile.monologueLength.samples { return .monologue }
        return turn == 0 && expectation.kind == .open && opening == nil ? .greeting : .answer
    }

    /// Whether the reply under way waits for a tool.
    var isToolRunning: Bool { reply.map { $0.runningTools > 0 } ?? false }
}
