extension FlowEngine {
    /// Understands a turn and acts on it, or asks again.
    mutating func hear(_ turn: CallerTurn) {
        if turn.number != self.turn { callsInTurn = [:] }
        self.turn = turn.number
        let reading = read(turn.text)
        let (words, entities) = (reading.words, reading.entities)
        let (labels, probabilities, best) = (flow.classifier.labels, reading.probabilities, reading.best)
        let inTask = (1 - (probabilities.last ?? 1)) * turn.confidence
        let confidence = probabilities[best] * turn.confidence
        let isUnderstood =
            labels[best] != IntentClassifier.none && confidence >= leastConfidence(for: labels[best])
            && !reading.isEmpty
        if wish == nil, case .capture(let name) = waiting,
            hearCapture(name, turn, intent: labels[best], confidence: confidence)
        {
            return
        }
        let intent = isUnderstood ? labels[best] : IntentClassifier.none

        var values: [String: String] = [:]
        let isKept = isUnderstood && question?.expectation.isWithheld != true
        for entity in entities where isKept && !entity.isNegated { values[entity.kind.label] = entity.value }
        steps.append(
            .output(.understood(Understanding(intent: intent, entities: values, confidence: confidence))))
        guard isUnderstood else {
            wish = nil
            miss(inTask < agent.thresholds.escalateBelow ? 2 : 1)
            return
        }
        let said = Wish(intent: intent, entities: entities.filter { !$0.isNegated }, words: words)
        if let wish {
            self.wish = nil
            switch intent {
            case "yes", wish.intent: return follow(wish)
            case "no": return askAnew()
            case "repeat": self.wish = wish
            default: break
            }
        }
        if confidence < agent.thresholds.agreeBelow, asks(whether: said) { return }
        follow(said)
    }

    /// What the words of a turn make likely, where the conversation stands.
    struct Reading {
        var words: [String]
        var entities: [Entity]
        /// In the order of the classifier's labels.
        var probabilities: [Double]
        /// The place of the likeliest label.
        var best: Int
        /// No word carries any meaning.
        var isEmpty: Bool
        /// Words that no example of the flow has.
        var strangers: Int
    }

    func read(_ text: String) -> Reading {
        let words = SpokenText.words(text)
        let entities = flow.parser.entities(in: words, today: today, expecting: expectedEntity)
        let essential = SpokenText.essential(flow.parser.classified(words, entities: entities))
        let labels = flow.classifier.labels
        let probabilities = weigh(
            flow.classifier.probabilities(of: essential, remembers: question?.expectation.isWithheld != true),
            labels: labels, entities: entities)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? labels.count - 1
        return Reading(
            words: words, entities: entities, probabilities: probabilities, best: best, isEmpty: essential.isEmpty,
            strangers: flow.classifier.strangers(in: essential))
    }

    /// Asks whether the caller wants a task that was not heard with certainty, if that would begin one.
    private mutating func asks(whether said: Wish) -> Bool {
        guard let state = flow.routes[said.intent].flatMap({ flow.states[$0] }), !state.check.isEmpty,
            frames.first?.task != said.intent
        else { return false }
        misses += 1
        // Whoever was asked that often is not asked once more.
        guard misses <= agent.thresholds.maxReasks else { return false }
        wish = said
        say(variation(of: state.check))
        return true
    }

    /// The question that was open before the caller was asked about a wish.
    mutating func askAnew() {
        if let question { say(question.text) } else { run() }
    }

    /// How certain a turn must be to be acted upon. Agreement lets happen what cannot be undone, and refusal throws away
    /// what the caller has said.
    func leastConfidence(for intent: String) -> Double {
        switch intent {
        case "yes", "no":
            if wish != nil { return agent.thresholds.agreeBelow }
            if case .confirm = waiting { return agent.thresholds.agreeBelow }
            return agent.thresholds.reaskBelow
        default: return agent.thresholds.reaskBelow
        }
    }

    private var expectedEntity: EntityKind? {
        switch waiting {
        case .slot(let name, _, _), .capture(let name): flow.slots[name]?.entity
        case .pick(let pick, _): pick.by.first.flatMap { flow.slots[$0.slot]?.entity }
        default: nil
        }
    }

    /// Shifts the odds by what was asked: after a question of yes or no, these are likelier answers.
    private func weigh(_ probabilities: [Double], labels: [String], entities: [Entity]) -> [Double] {
        var weights: [String: Double] = [:]
        if let wish {
            weights = ["yes": 3, "no": 3, wish.intent: 2]
            return normalised(zip(probabilities, labels).map { $0 * weights[$1, default: 1] }) ?? probabilities
        }
        switch waiting {
        case .confirm(_, _, let isChanging):
            weights = ["yes": 3, "no": 3, "correction": isChanging ? 4 : 2, "inform": isChanging ? 3 : 1]
            // "Yes, cancel it" agrees; it does not begin the same task once more.
            if let task = frames.first?.task { weights[task] = 0.2 }
        case .slot(let name, _, _):
            if flow.slots[name]?.kind == .yesNo {
                weights = ["yes": 3, "no": 3]
            } else if entities.contains(where: { flow.slots[name]?.accepts($0.kind) ?? false }) {
                weights = ["inform": 2, "correction": 1.5]
            }
        case .capture(let name):
            weights = captures[name]?.isReading == true ? ["yes": 3, "no": 3, "correction": 2] : ["inform": 2]
        case .pick: weights = ["inform": 2]
        case .open(let ask): weights = ask.no == nil ? [:] : ["yes": 1.5, "no": 2]
        case .nothing, .tool: break
        }
        return normalised(zip(probabilities, labels).map { $0 * weights[$1, default: 1] }) ?? probabilities
    }

    private func normalised(_ weighed: [Double]) -> [Double]? {
        let sum = weighed.reduce(0, +)
        return sum > 0 ? weighed.map { $0 / sum } : nil
    }
}
