import Foundation
import Yams

/// Reads the part of an agent file that describes a flow.
///
/// Names may be used before they are described, so uses are noted while reading and checked at the end
/// (`FlowReader+Checks.swift`).
struct FlowReader {
    static let keys: Set<String> = [
        "start", "hours", "names", "facts", "phrases", "slots", "intents", "states", "pronunciations",
    ]
    static let requiredKeys = ["start", "hours", "phrases", "intents", "states"]

    /// Intents that the engine answers by itself; the others need a state.
    static let ownIntents: Set<String> = ["inform", "yes", "no", "correction", "repeat"]

    var reader: AgentFileReader
    let tools: [String: ToolDefinition.Risk]
    let toolsNode: Node?
    /// Tools whose calls wait for a person, in a row that is kept.
    let reviewed: Set<String>
    /// Slots that the caller proves themselves with.
    let proofs: Set<String>
    /// Whose habits figures are read by; nil where the agent speaks no English.
    var region: SpokenRegion? = .us
    /// What callers are understood by; nil where there is no model for the agent's language.
    let meanings: SentenceMeanings?

    var slots: [String: FlowSlot] = [:]
    var slotNodes: [String: Node] = [:]
    var facts: [String: String] = [:]
    var intents: [String: [String]] = [:]
    var intentNodes: [String: Node] = [:]
    var states: [String: FlowState] = [:]
    var stateNodes: [String: Node] = [:]
    var routes: [String: String] = [:]

    // What is used where.
    var usedStates: [(name: String, node: Node, from: String?)] = []
    var usedSlots: [(name: String, node: Node)] = []
    var usedTools: Set<String> = []
    var usedPaths: [(path: [String], node: Node, extra: Set<String>)] = []
    /// Values that a tool is given.
    var givenPaths: [(path: [String], node: Node, tool: String)] = []
    var variables: Set<String> = []
    var filledSlots: Set<String> = []

    init(
        reader: AgentFileReader, tools: [String: ToolDefinition.Risk], toolsNode: Node?, reviewed: Set<String> = [],
        proofs: Set<String> = [], region: SpokenRegion? = .us, meanings: SentenceMeanings? = nil
    ) {
        self.meanings = meanings
        self.reviewed = reviewed
        self.proofs = proofs
        self.region = region
        self.reader = reader
        self.tools = tools
        self.toolsNode = toolsNode
    }

    mutating func read(
        _ fields: [String: Node], root: Node, escalation: [(step: EscalationStep, node: Node)],
        resource: (String) throws -> Data
    ) -> Flow {
        let hours = readHours(fields["hours"])
        let names = readNames(fields["names"], resource: resource)
        for (_, name, value) in reader.members(fields["facts"], of: "`facts`") {
            facts[name] = reader.text(value, "the fact \(name)") ?? ""
        }
        let phrases = readPhrases(fields["phrases"])
        readSlots(fields["slots"])
        readIntents(fields["intents"])
        readStates(fields["states"])
        var pronunciations: [String: String] = [:]
        for (_, word, value) in reader.members(fields["pronunciations"], of: "`pronunciations`") {
            pronunciations[word] = reader.text(value, "the pronunciation of \(word)")
        }
        let start = reader.text(fields["start"], "`start`") ?? ""
        if let node = fields["start"] { usedStates.append((start, node, nil)) }
        for (step, node) in escalation {
            if case .state(let name, _) = step { usedStates.append((name, node, nil)) }
        }
        check(root: root)

        var lexicon = EntityLexicon(
            kinds: Set(slots.values.compactMap(\.entity)).filter { if case .choice = $0 { false } else { true } },
            firstNames: Set(names.first), lastNames: Set(names.last), choices: choices,
            opens: hours.opens, closes: hours.closes)
        lexicon.commonWords = Set(
            intents.values.joined().flatMap { SpokenText.words($0.replacing(/\{[a-z_]+\}/, with: " ")) })
        let examples = makeExamples()
        // A file with faults is never run; it need not be learned from.
        let classifier =
            reader.faults.isEmpty
            ? .learned(from: examples, meanings: meanings) : IntentClassifier(training: [], temperature: 1)
        var flow = Flow(
            start: start, states: states, slots: slots, intents: intents, facts: facts, phrases: phrases,
            routes: routes, parser: EntityParser(lexicon: lexicon), classifier: classifier, examples: examples,
            names: names, pronunciations: pronunciations)
        flow.language = flow.makeLanguage()
        return flow
    }

    private var choices: [String: [String: [[String]]]] = [:]

    private mutating func readHours(_ node: Node?) -> (opens: ClockTime, closes: ClockTime) {
        let fields = reader.fields(node, of: "`hours`", keys: ["opens", "closes"], required: ["opens", "closes"])
        func time(_ key: String, _ fallback: Int) -> ClockTime {
            let standard = ClockTime(hour: fallback, minute: 0) ?? ClockTime.midnight
            guard let text = reader.text(fields[key], "`\(key)`") else { return standard }
            if let time = ClockTime(text: text) { return time }
            reader.fault(fields[key], "`\(key)` is `\(text)` but must be a time such as \"08:00\", in quotes")
            return standard
        }
        let (opens, closes) = (time("opens", 8), time("closes", 18))
        if opens >= closes { reader.fault(node, "`opens` must be before `closes`") }
        return (opens, closes)
    }

    private mutating func readNames(_ node: Node?, resource: (String) throws -> Data) -> NameLists {
        guard node != nil else { return NameLists() }
        let fields = reader.fields(node, of: "`names`", keys: ["first", "last"], required: ["first", "last"])
        func list(_ key: String) -> [String] {
            guard let path = reader.text(fields[key], "`\(key)` of `names`") else { return [] }
            do {
                let text = String(decoding: try resource(path), as: UTF8.self)
                let words = text.split(separator: "\n").map { $0.lowercased() }.filter {
                    !$0.hasPrefix("#") && !$0.isEmpty
                }
                if words.isEmpty { reader.fault(fields[key], "the file \(path) holds no names; write one a line") }
                return words
            } catch {
                reader.fault(fields[key], "the file \(path) cannot be read: \(error.localizedDescription)")
                return []
            }
        }
        return NameLists(first: list("first"), last: list("last"))
    }

    private mutating func readPhrases(_ node: Node?) -> FlowPhrases {
        let keys = ["not_understood", "back", "broken"]
        let fields = reader.fields(node, of: "`phrases`", keys: Set(keys), required: keys)
        let broken = templates(fields["broken"], "`broken`").first
        return FlowPhrases(
            notUnderstood: templates(fields["not_understood"], "`not_understood`"),
            back: templates(fields["back"], "`back`"), broken: broken ?? .empty)
    }

    private mutating func readSlots(_ node: Node?) {
        let keys: Set<String> = [
            "type", "ask", "again", "hint", "ask_last_name", "invalid", "minimum", "maximum", "preceded_by", "called",
            "answers", "values", "capture", "parts", "tries", "read_back", "youngest", "oldest",
        ]
        for (key, name, value) in reader.members(node, of: "`slots`") {
            let subject = "the slot \(name)"
            slotNodes[name] = key
            if value.mapping?["capture"] != nil {
                slots[name] = readCapture(reader.fields(value, of: subject, keys: keys), of: name, node: value)
                continue
            }
            let fields = reader.fields(
                value, of: subject, keys: keys.subtracting(Self.captureKeys), required: ["type", "ask"])
            let kind = reader.choice(fields["type"], "`type` of \(subject)", as: FlowSlot.Kind.self) ?? .choice
            if kind == .captured {
                reader.fault(fields["type"], "`type` of \(subject) is `capture`; write `capture: KIND` in its place")
            }
            slots[name] = FlowSlot(
                name: name, kind: kind, ask: templates(fields["ask"], "`ask` of \(subject)"),
                again: templates(fields["again"], "`again` of \(subject)"),
                hint: templates(fields["hint"], "`hint` of \(subject)").first,
                askLastName: templates(fields["ask_last_name"], "`ask_last_name` of \(subject)").first,
                invalid: templates(fields["invalid"], "`invalid` of \(subject)").first,
                range: readRange(fields, of: subject, kind: kind),
                precededBy: reader.texts(fields["preceded_by"], "`preceded_by` of \(subject)")
                    .map { SpokenText.words($0.text) },
                called: Set(reader.texts(fields["called"], "`called` of \(subject)").map { $0.text.lowercased() }),
                answers: reader.texts(fields["answers"], "`answers` of \(subject)").map(\.text), capture: nil)
            readValues(fields["values"], slot: name, kind: kind, node: value)
        }
    }

    private mutating func readRange(
        _ fields: [String: Node], of subject: String, kind: FlowSlot.Kind
    ) -> ClosedRange<Double>? {
        let minimum = reader.number(fields["minimum"], "`minimum` of \(subject)", in: -1_000_000...1_000_000)
        let maximum = reader.number(fields["maximum"], "`maximum` of \(subject)", in: -1_000_000...1_000_000)
        guard minimum != nil || maximum != nil else { return nil }
        guard [.number, .digits, .phone, .date].contains(kind) else {
            reader.fault(
                fields["minimum"] ?? fields["maximum"],
                "\(subject) is a \(kind.rawValue) and has no minimum or maximum; remove it")
            return nil
        }
        let (low, high) = (minimum ?? -1_000_000, maximum ?? 1_000_000)
        guard low <= high else {
            reader.fault(fields["minimum"], "`minimum` of \(subject) is above its `maximum`")
            return nil
        }
        if fields["invalid"] == nil {
            reader.fault(
                fields["minimum"] ?? fields["maximum"],
                "\(subject) has a range but no `invalid`; say what the caller hears outside of it")
        }
        return low...high
    }

    private mutating func readValues(_ node: Node?, slot: String, kind: FlowSlot.Kind, node slotNode: Node) {
        guard kind == .choice else {
            if node != nil {
                reader.fault(node, "`values` belong to slots of type choice; remove them or change the type")
            }
            return
        }
        guard node != nil else {
            reader.fault(slotNode, "the slot \(slot) is a choice and needs `values`")
            return
        }
        for (_, value, forms) in reader.members(node, of: "`values` of the slot \(slot)") {
            choices[slot, default: [:]][value] =
                reader.texts(forms, "the spoken forms of \(value)").map { SpokenText.words($0.text) }
        }
    }

    private mutating func readIntents(_ node: Node?) {
        var owners: [[String]: String] = [:]
        for (key, name, value) in reader.members(node, of: "`intents`") {
            intentNodes[name] = key
            if name == IntentClassifier.none {
                reader.fault(key, "the intent name `none` is taken: it stands for everything outside the task")
            }
            var examples: [String] = []
            for (node, text) in reader.texts(value, "the examples of \(name)") {
                let words = exampleWords(text, node: node)
                if let owner = owners[words], owner != name {
                    reader.fault(
                        node, "\"\(text)\" is an example of the intents \(owner) and \(name); keep it in one of them")
                }
                owners[words] = name
                examples.append(text)
            }
            intents[name] = examples
        }
    }

    /// The essential words of an example, `{date}` as `<date>`.
    func exampleWords(_ text: String) -> [String] {
        var words: [String] = []
        for piece in text.split(separator: " ") {
            if piece.hasPrefix("{"), let end = piece.firstIndex(of: "}") {
                words.append("<\(piece[piece.index(after: piece.startIndex)..<end])>")
            } else {
                words += SpokenText.words(String(piece))
            }
        }
        return SpokenText.essential(words)
    }

    private mutating func exampleWords(_ text: String, node: Node) -> [String] {
        let words = exampleWords(text)
        if words.isEmpty { reader.fault(node, "the example \"\(text)\" holds no word to learn from") }
        for word in words where word.hasPrefix("<") {
            let name = String(word.dropFirst().dropLast())
            if !knownClasses.contains(name) {
                reader.fault(
                    node,
                    "the example names an unknown value {\(name)}; known are: \(knownClasses.sorted().joined(separator: ", "))"
                )
            }
        }
        return words
    }

    private var knownClasses: Set<String> {
        var known: Set<String> = []
        for slot in slots.values {
            if let entity = slot.entity { known.insert(entity.label) }
        }
        return known
    }

    /// Every example, and every answer to a slot as an example of `inform`.
    private func makeExamples() -> [IntentExample] {
        var seen: Set<[String]> = []
        var examples: [IntentExample] = []
        for (intent, texts) in intents.sorted(by: { $0.key < $1.key }) {
            for text in texts {
                let words = exampleWords(text)
                if seen.insert(words).inserted { examples.append(IntentExample(intent: intent, words: words)) }
            }
        }
        for slot in slots.values.sorted(by: { $0.name < $1.name }) {
            for text in slot.answers {
                let words = exampleWords(text)
                if seen.insert(words).inserted { examples.append(IntentExample(intent: "inform", words: words)) }
            }
        }
        return examples
    }

    /// One text or several, as templates whose values are noted as used.
    mutating func templates(_ node: Node?, _ subject: String, extra: Set<String> = []) -> [Template] {
        var templates: [Template] = []
        for (element, text) in reader.texts(node, subject) {
            guard let template = reader.template(element, text) else { continue }
            for reference in template.references { usedPaths.append((reference.path, element, extra)) }
            templates.append(template)
        }
        return templates
    }
}

extension Template {
    /// No text at all.
    static let empty = Template()

    private init() {
        segments = []
        source = ""
    }
}

extension ClockTime {
    static let midnight = ClockTime(minuteOfDay: 0)

    private init(minuteOfDay: Int) { self.minuteOfDay = minuteOfDay }
}
