extension FlowEngine {
    /// What this engine would make of `turn`, tried on a copy.
    ///
    /// Whole is what answers the question that was asked, and a wish for which nothing is missing. A wish without its
    /// details is not: people say what they want, breathe, and say when. What would not be understood
    /// however well it was heard is beside the flow's business.
    package func preview(of turn: CallerTurn, today: CivilDate) -> ReplyPreview {
        var trial = self
        let steps = trial.handle(.said(turn), today: today)
        var firstSentence: String?
        var isUnderstood = false
        loop: for step in steps {
            switch step {
            case .output(.say(let sentence)):
                firstSentence = sentence
                break loop
            case .output(.understood(let understanding)): isUnderstood = understanding.intent != IntentClassifier.none
            case .call: break loop
            case .output: continue
            }
        }
        guard isUnderstood else {
            return ReplyPreview(
                completeness: isBeside(turn.text, today: today) ? .beside : .open, firstSentence: firstSentence)
        }
        return ReplyPreview(completeness: isWhole(after: trial) ? .complete : .open, firstSentence: firstSentence)
    }

    private func isBeside(_ text: String, today: CivilDate) -> Bool {
        var engine = self
        engine.today = today
        let reading = engine.read(text)
        let likeliest = flow.classifier.labels[reading.best]
        return reading.isEmpty || likeliest == IntentClassifier.none
            || reading.probabilities[reading.best] < leastConfidence(for: likeliest)
    }

    /// Whether the turn that led from here to `next` needs no more words.
    private func isWhole(after next: FlowEngine) -> Bool {
        if next.misses > 0 { return false }
        if wish != nil { return true }
        switch waiting {
        case .slot(let name, _, _):
            guard let slot = flow.slots[name], let value = next.slots[name] else { return next.hasEnded }
            // A number is said in groups; below a full number another one may follow.
            if slot.kind == .digits || slot.kind == .phone { return (value.string ?? "").count >= Self.wholeNumber }
            return true
        case .confirm, .pick: return true
        case .open, .nothing, .tool:
            if case .slot = next.waiting { return false }
            return true
        }
    }

    /// Digits of a telephone number with its area code.
    private static let wholeNumber = 10
}
