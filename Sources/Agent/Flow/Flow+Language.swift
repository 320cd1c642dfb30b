extension Flow {
    /// The context of read-backs.
    static let confirmContext = "confirm"

    /// What callers may say to this flow.
    ///
    /// A context holds the answers to its question and, because callers change their minds, everything else that can be
    /// said at any time. The answers are repeated so that they make up about half of it.
    func makeLanguage() -> DialogueLanguage {
        var contexts: [String: [String]] = [:]
        let common = intents.filter { !["yes", "no"].contains($0.key) }.sorted { $0.key < $1.key }.flatMap(\.value)
        let agreement = (intents["yes"] ?? []) + (intents["no"] ?? [])
        let everything = common + agreement
        for state in states.values {
            for step in state.steps {
                if case .ask(let ask) = step.action {
                    let expected = ask.yes == nil && ask.no == nil ? common : agreement + common
                    contexts[state.name] = sentences(expected: expected, others: everything)
                }
            }
        }
        let corrections = (intents["correction"] ?? []) + (intents["inform"] ?? [])
        contexts[Self.confirmContext] = sentences(expected: agreement + agreement + corrections, others: common)
        for slot in slots.values {
            var answers = slot.kind == .yesNo ? agreement : slot.answers + standardAnswers(slot)
            // A block reads back what it has heard, and listens for a yes in the same place.
            if slot.capture?.readsBack == true { answers += agreement }
            contexts[slot.name] = sentences(expected: answers, others: everything)
        }
        return DialogueLanguage(contexts: contexts, classes: classes(), pronunciations: pronunciations)
    }

    private func sentences(expected: [String], others: [String]) -> [String] {
        let expected = expected.map(spoken)
        let times = expected.isEmpty ? 0 : max(1, min(40, others.count / expected.count))
        return Array(repeating: expected, count: times).flatMap(\.self) + others.map(spoken)
    }

    /// An example as a recognizer's sentence: names in their two parts.
    private func spoken(_ example: String) -> String {
        example.split(separator: " ").map { piece in
            guard piece.hasPrefix("{"), let end = piece.firstIndex(of: "}") else {
                return SpokenText.words(String(piece)).joined(separator: " ")
            }
            let name = String(piece[...end])
            return name == "{name}" ? "{first_name} {last_name}" : name
        }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The bare value, however the agent's author carries it.
    private func standardAnswers(_ slot: FlowSlot) -> [String] {
        switch slot.kind {
        case .date: ["{date}", "{date}", "on {date}", "{date} please"]
        case .time:
            ["{time}", "{time}", "at {time}", "{time} please", "the first one", "the second one", "the last one"]
        case .name: ["{name}", "{name}", "{name}", "{first_name}", "{last_name}", "my name is {name}", "it's {name}"]
        case .digits, .phone: ["{phone}", "{phone}", "it's {phone}", "my number is {phone}"]
        case .money: ["{money}", "{money}", "about {money}", "{money} please"]
        case .duration: ["{duration}", "{duration}", "about {duration}", "for {duration}", "{duration} please"]
        case .email: ["{email}", "{email}", "it's {email}", "my email is {email}", "my email address is {email}"]
        case .number: ["{number}", "{number}", "{number} please", "{number} degrees"]
        case .choice: ["{\(slot.name)}", "{\(slot.name)}", "{\(slot.name)} please"]
        case .yesNo: []
        case .captured: slot.capture.map(SpokenClasses.answers(to:)) ?? []
        }
    }

    private func classes() -> [String: [String]] {
        var classes: [String: [String]] = [:]
        let kinds = Set(slots.values.compactMap(\.entity))
        if kinds.contains(.date) { classes.merge(SpokenClasses.dates) { first, _ in first } }
        if kinds.contains(.time) {
            classes.merge(SpokenClasses.times(opens: parser.lexicon.opens, closes: parser.lexicon.closes)) { first, _ in
                first
            }
        }
        for block in slots.values.compactMap(\.capture) {
            classes.merge(SpokenClasses.captured(by: block)) { first, _ in first }
        }
        if kinds.contains(.money) { classes.merge(SpokenClasses.money) { first, _ in first } }
        if kinds.contains(.duration) { classes.merge(SpokenClasses.durations) { first, _ in first } }
        if kinds.contains(.email) { classes.merge(SpokenClasses.email) { first, _ in first } }
        if kinds.contains(.digits) { classes.merge(SpokenClasses.digits) { first, _ in first } }
        if kinds.contains(.name) {
            classes["first_name"] = SpokenClasses.weighted(names.first)
            classes["last_name"] = SpokenClasses.weighted(names.last)
            classes["name"] = ["{first_name} {last_name}"]
        }
        if kinds.contains(.number) {
            let range = slots.values.filter { $0.kind == .number }.compactMap(\.range)
            let low = range.map(\.lowerBound).min() ?? 0
            let high = range.map(\.upperBound).max() ?? 100
            classes.merge(SpokenClasses.numbers(from: Int(low), to: Int(high))) { first, _ in first }
        }
        for (slot, values) in parser.lexicon.choices {
            classes[slot] = values.sorted { $0.key < $1.key }.flatMap { $0.value.map { $0.joined(separator: " ") } }
        }
        return classes
    }
}
