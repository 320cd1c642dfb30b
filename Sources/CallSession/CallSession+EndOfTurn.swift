import Networking
import Speech

/// Asks a model whether the caller has finished, by the sound of what they said.
extension CallSession {
    /// At a pause. The answer comes as an event, unless the caller goes on before.
    func judgeEnd(of utterance: UtteranceID) {
        withdrawQuestion()
        guard let model = plan.endOfTurnModel, let sound = turnSound?.samples else { return }
        questions += 1
        let (loop, number) = (loop, questions)
        question = model.likelihood(of: sound) { [weak self] likelihood in
            loop.post { [weak self] in self?.assumeIsolated { $0.endJudged(utterance, likelihood, question: number) } }
        }
    }

    /// The caller goes on, or the turn is over.
    func withdrawQuestion() {
        question?.cancel()
        question = nil
    }

    private func endJudged(_ utterance: UtteranceID, _ likelihood: Double, question number: Int) {
        // An answer that was on its way when its question was withdrawn.
        guard question != nil, number == questions, !isFinished else { return }
        question = nil
        deliver(.endOfTurnLikely(utterance, probability: likelihood))
    }
}
