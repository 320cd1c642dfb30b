extension FlowEngine {
    /// What this engine would make of `turn`, tried on a copy.
    ///
    /// Whole is what answers the question that was asked, and a wish for which nothing is missing. A wish without its
    /// details is not: people say what they want, breathe, and say when. What would not be understood
    /// however well it was heard is beside the flow's business, and so is a longer yes or no with words that the flow does
    /// not know: "yes, two sugars please" agrees to something else.
    package func preview(of turn: CallerTurn, today: CivilDate) -> ReplyPreview {
        var trial = self
        let steps = trial.handle(.said(turn), today: today)
        var firstSentence: String?
        var understood: String?
        loop: for step in steps {
            switch step {
            case .output(.say(let sentence)):
                firstSentence = sentence
                break loop
            case .output(.understood(let understanding)) where understanding.intent != IntentClassifier.none:
                understood = understanding.intent
            case .call: break loop
            case .output: continue
            }
        }
        if isBeside(turn.text, understoodAs: understood, today: today) {
            return ReplyPreview(completeness: .beside, firstSentence: firstSentence)
        }
        let isWhole = understood != nil && isWhole(after: trial)
        return ReplyPreview(completeness: isWhole ? .complete : .open, firstSentence: firstSentence)
    }

    private func isBeside(_ text: String, understoodAs intent: String?, today: CivilDate) -> Bool {
        // No longer way than needed for what most turns are.
        if let intent, !Self.agreement.contains(intent) { return false }
        var engine = self
        engine.today = today
        let reading = engine.read(text)
        let likeliest = flow.classifier.labels[reading.best]
        if Self.agreement.contains(likeliest), reading.words.count > Self.shortAnswer, reading.strangers > 0 {
            return true
        }
        if intent != nil { return false }
        return reading.isEmpty || likeliest == IntentClassifier.none
            || reading.probabilities[reading.best] < leastConfidence(for: likeliest)
    }

    private static let agreement: Set<String> = ["yes", "no"]
    /// In so many words nobody agrees to something else: "yes, lovely", "no, not that".
    private static let shortAnswer = 3

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
        case .capture(let name):
            // A number is said in groups, an address in breaths: whole is what nothing is missing from.
            return next.slots[name] != nil || next.captures[name]?.isReading == true || next.captures[name] == nil
        case .confirm, .pick: return true
        case .open, .nothing, .tool:
            if case .slot = next.waiting { return false }
            return true
        }
    }

    /// Digits of a telephone number with its area code.
    private static let wholeNumber = 10
}
