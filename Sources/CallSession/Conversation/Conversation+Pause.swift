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
    /// Whether the agent holds its breath meanwhile.
    package var isHolding: Bool

    /// The end of the turn under these rules, in samples since the media started; `now` where it is overdue.
    package func end(under rules: TurnDetector, now: Int) -> Int {
        let wait = rules.wait(
            after: words, expecting: kind, completeness: completeness, likelihood: likelihood, whileHolding: isHolding)
        return max(lastVoiced + wait, now)
    }
}

extension Conversation {
    /// The pause under way; nil while the caller speaks, and when their turn is over.
    package var pause: CallerPause? {
        guard case .pausing(_, _, let lastVoiced) = caller else { return nil }
        let isHolding = if case .held = voice { true } else { false }
        return CallerPause(
            lastVoiced: lastVoiced, words: interim, kind: expectation.kind, completeness: completeness,
            likelihood: endLikelihood, isHolding: isHolding)
    }
}
