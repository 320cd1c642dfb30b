import CallSession

/// One state of a turn, and the wait that serves it best: the shortest that does not interrupt too many.
///
/// A state is what one of the waits is for. Of its pauses are those that end elsewhere when that wait is turned.
package struct TuningProposal: Sendable, Encodable {
    /// Name in the configuration's section `turns`.
    package var wait: String
    /// Milliseconds.
    package var present: Int
    /// The present value where none is shown to be better.
    package var proposed: Int
    /// On the pauses of this state: those of the held-out calls, or of all where nothing was held out.
    package var before: TurnTuning.Score
    package var after: TurnTuning.Score
    /// Whether the calls that were searched promised a shorter wait that those held out did not bear out.
    package var isRefuted: Bool

    /// Fewer turns prove nothing.
    static let fewestTurns = 5

    /// - Parameters:
    ///   - present: the rules in force.
    ///   - searched: pauses to choose by.
    ///   - heldOut: pauses to prove it by; nil where there are too few calls.
    /// - Returns: nil where too few turns hang on this wait.
    init?(_ knob: TuningKnob, present rules: TurnDetector, searched: [PauseCase], heldOut: [PauseCase]?) {
        let own = searched.filter { knob.decides($0, under: rules) }
        let proof = heldOut.map { $0.filter { knob.decides($0, under: rules) } } ?? own
        let now = TurnTuning.Score(own, under: rules)
        guard now.finished >= Self.fewestTurns else { return nil }
        wait = knob.rawValue
        present = knob.milliseconds(of: rules)
        before = TurnTuning.Score(proof, under: rules)
        func allows(_ score: TurnTuning.Score, _ now: TurnTuning.Score) -> Bool {
            score.interrupted <= max(TurnTuning.acceptable, now.interrupted)
        }
        var best = (value: present, score: now)
        for value in TuningKnob.range {
            var trial = rules
            knob.set(value, in: &trial)
            let score = TurnTuning.Score(own, under: trial)
            // Who cuts more callers short than may be is not saved by being quick.
            let isBetter =
                allows(best.score, now)
                ? score.meanWait < best.score.meanWait : score.interrupted < best.score.interrupted
            if allows(score, now), isBetter { best = (value, score) }
        }
        var changed = rules
        knob.set(best.value, in: &changed)
        let shown = TurnTuning.Score(proof, under: changed)
        isRefuted = best.value != present && !allows(shown, before)
        proposed = isRefuted ? present : best.value
        after = isRefuted ? before : shown
    }
}
