/// A conversation as states, intents and slots, read from an agent file and ready to run.
package struct Flow: Sendable {
    var start: String
    var states: [String: FlowState]
    var slots: [String: FlowSlot]
    /// Intent → example phrases as written, `{date}` for values.
    var intents: [String: [String]]
    /// Named texts for templates.
    var facts: [String: String]
    var phrases: FlowPhrases
    /// Intent → the state it leads to.
    var routes: [String: String]
    package internal(set) var parser: EntityParser
    package var classifier: IntentClassifier
    /// What the classifier was learned from.
    package var examples: [IntentExample]
    /// All first and last names the agent knows, lower-case.
    var names: NameLists
    /// Recognizer pronunciations of words the dictionary lacks.
    var pronunciations: [String: String]
    /// What callers may say, made once when the file is read.
    package internal(set) var language = DialogueLanguage()

    /// What callers prove themselves with: these names, and the slots that the check of them is given.
    func proofs(named names: [String]) -> Set<String> {
        var proofs = Set(names)
        for step in states.values.flatMap(\.steps) {
            guard case .call(let call) = step.action, call.tool == VerifyCallerTool.name else { continue }
            proofs.formUnion(call.arguments.values.flatMap(\.references).compactMap(\.path.first))
        }
        return proofs
    }
}

/// The names an agent recognizes, lower-case, most frequent first.
struct NameLists: Sendable, Equatable {
    var first: [String] = []
    var last: [String] = []
}

/// What the engine itself has to say. One after the other; the last one repeats.
struct FlowPhrases: Sendable {
    /// Before a question is asked again.
    var notUnderstood: [Template]
    /// After a digression, before the interrupted question.
    var back: [Template]
    /// When the flow itself cannot go on.
    var broken: Template
}

/// A place in the conversation. Its steps run from the first one after every turn; what is already done does nothing.
struct FlowState: Sendable {
    var name: String
    /// The conversation returns from it to where it was.
    var isDigression: Bool
    /// Asks whether the caller really wants this, where it is not certain; empty where nothing is asked.
    var check: [Template]
    /// Slots to forget when an intent leads here.
    var fresh: [String]
    var steps: [FlowStepDefinition]

    /// The slots a caller may fill or correct here, in the order they are asked for.
    var slots: [String] {
        var names: [String] = []
        for step in steps {
            switch step.action {
            case .collect(let collect): names.append(collect.slot)
            case .pick(let pick): names += pick.by.map(\.slot)
            default: break
            }
        }
        return names
    }
}

/// Something a caller can tell, with a type, and how to ask for it.
struct FlowSlot: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case yesNo = "yes_no"
        case number, money, duration, digits, phone, email, date, time, name, choice
        /// Whatever its capture block makes of it.
        case captured = "capture"
    }

    var name: String
    var kind: Kind
    var ask: [Template]
    /// When the first question was not answered.
    var again: [Template]
    /// The second time: what one can say.
    var hint: Template?
    /// Asks for the last name when only the first was said.
    var askLastName: Template?
    /// When the value is out of range.
    var invalid: Template?
    /// Of a number its range, of digits the range of their count, of a date the days from today.
    var range: ClosedRange<Double>?
    /// Words that say that the value that follows is this slot's, each as words: "from", "instead of".
    var precededBy: [[String]]
    /// What callers call it: "no, a different day".
    var called: Set<String>
    /// Sentences that answer it, `{date}` for the value.
    var answers: [String]
    /// Asks, hears, checks and reads back in the slot's place.
    var capture: CaptureBlock?

    /// What to look for in an answer; nil for yes and no, which are intents.
    var entity: EntityKind? {
        switch kind {
        case .yesNo, .captured: nil
        case .number: .number
        case .money: .money
        case .duration: .duration
        case .email: .email
        case .digits, .phone: .digits
        case .date: .date
        case .time: .time
        case .name: .name
        case .choice: .choice(slot: name)
        }
    }

    var expectation: Expectation.Kind {
        switch kind {
        case .yesNo: .yesNo
        case .number, .money, .duration, .choice: .choice
        case .digits, .phone, .email: .digits
        case .date: .date
        case .time: .time
        case .name: .name
        case .captured: .open
        }
    }

    func accepts(_ entity: EntityKind) -> Bool {
        switch (kind, entity) {
        case (.name, .name), (.name, .firstName), (.name, .lastName): true
        default: self.entity == entity
        }
    }
}
