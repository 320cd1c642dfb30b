import Foundation
import Yams

extension AgentFileReader {
    /// What a card may name of its agent.
    struct ScorecardNames {
        /// The agent's tools.
        var tools: Set<String>
        /// Slot → the questions that ask for it, of a flow.
        var slots: [String: [String]]?
    }

    /// Acts that no tool of the agent's stands for.
    static let ownActs: Set<String> = ["transfer_warm", VerifyCallerTool.name, ColleagueTool.name]
    private static let shortestPhrase = 2

    /// `scorecard`: the card itself, or the file that has it.
    mutating func scorecard(
        _ node: Node?, names: ScorecardNames, resource: (String) throws -> Data
    ) -> Scorecard? {
        guard let node else { return nil }
        guard node.mapping == nil else { return card(node, names) }
        guard let path = text(node, "`scorecard`") else { return nil }
        let bytes: Data
        do { bytes = try resource(path) } catch {
            fault(node, "`scorecard` names \(path), which cannot be read: \(error.localizedDescription)")
            return nil
        }
        let document = YAMLDocument(bytes: bytes, file: path)
        var reader = AgentFileReader(file: path, faults: document.faults)
        let card = document.root.flatMap { reader.card($0, names) }
        take(reader.faults)
        return card
    }

    private mutating func card(_ node: Node, _ names: ScorecardNames) -> Scorecard? {
        let fields = fields(
            node, of: "the scorecard", keys: ["name", "criteria", "judge"], required: ["name", "criteria"])
        let name = text(fields["name"], "`name` of the scorecard") ?? ""
        let elements = elements(fields["criteria"], "`criteria`")
        if let list = fields["criteria"], list.sequence?.isEmpty ?? false {
            fault(list, "`criteria` is empty; name at least one thing that calls are judged by")
        }
        if elements.count > Scorecard.mostCriteria {
            fault(
                fields["criteria"], "`criteria` has \(elements.count) criteria; \(Scorecard.mostCriteria) at most")
        }
        var criteria: [Scorecard.Criterion] = []
        for element in elements {
            guard let criterion = criterion(element, names) else { continue }
            if criteria.contains(where: { $0.name == criterion.name }) {
                fault(element, "the criterion `\(criterion.name)` is there twice; rename one of the two")
            }
            criteria.append(criterion)
        }
        let judge = fields["judge"].map {
            judgeSettings($0, "`judge`", standard: JudgeSettings(provider: ""))
        }
        let asks = criteria.contains { $0.question != nil }
        if let place = fields["judge"], !asks {
            fault(place, "`judge` has nothing to do: no criterion has a `question`")
        }
        if asks, judge == nil {
            fault(node, "the scorecard asks questions but names no `judge`; add judge: {provider: …}")
        }
        var hash = ContentHash()
        hash.add(Self.canonical(node).utf8)
        return Scorecard(name: name, version: hash.hexadecimal, criteria: criteria, judge: judge)
    }

    /// The card without comments and spaces: what they are does not make it another card.
    private static func canonical(_ node: Node) -> String { JSONValue(node).text }

    /// Who is asked about a call, and what that may cost.
    ///
    /// - Parameter standard: what is not said.
    mutating func judgeSettings(_ node: Node, _ subject: String, standard: JudgeSettings) -> JudgeSettings {
        let fields = fields(
            node, of: subject,
            keys: [
                "provider", "model", "timeout", "max_tokens", "max_input_tokens", "attempts", "daily_requests",
            ], required: ["provider"])
        var settings = standard
        settings.provider = text(fields["provider"], "`provider` of \(subject)") ?? ""
        settings.model = text(fields["model"], "`model` of \(subject)")
        if let timeout = seconds(fields["timeout"], "`timeout` of \(subject)", in: 1...600) {
            settings.timeout = timeout
        }
        if let most = integer(fields["max_tokens"], "`max_tokens` of \(subject)", in: 64...32_768) {
            settings.maxTokens = most
        }
        if let most = integer(fields["max_input_tokens"], "`max_input_tokens` of \(subject)", in: 500...1_000_000) {
            settings.maxInputTokens = most
        }
        if let attempts = integer(fields["attempts"], "`attempts` of \(subject)", in: 1...10) {
            settings.attempts = attempts
        }
        if let most = integer(fields["daily_requests"], "`daily_requests` of \(subject)", in: 1...10_000_000) {
            settings.dailyRequests = most
        }
        return settings
    }

    private mutating func criterion(_ node: Node, _ names: ScorecardNames) -> Scorecard.Criterion? {
        let fields = fields(
            node, of: "a criterion", keys: Self.ruleKeys.union(["name", "weight", "when", "question", "within_turns"]),
            required: ["name"])
        guard let name = text(fields["name"], "`name` of a criterion") else { return nil }
        if !name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }) {
            fault(fields["name"], "`name` is `\(name)` but may have small letters, figures and _ only")
        }
        let kinds = fields.keys.filter { Self.ruleKeys.contains($0) || $0 == "question" }
        guard kinds.count == 1, let kind = kinds.first, let value = fields[kind] else {
            fault(
                node,
                "the criterion `\(name)` needs one rule or a `question`; rules are: "
                    + Self.ruleKeys.sorted().joined(separator: ", "))
            return nil
        }
        if let within = fields["within_turns"], kind != "said" {
            fault(within, "`within_turns` goes with `said` only")
        }
        let weight = integer(fields["weight"], "`weight` of `\(name)`", in: 1...100) ?? 1
        let condition = condition(fields["when"], names)
        let test: Scorecard.Test?
        if kind == "question" {
            test = text(value, "the question of `\(name)`").map { .question($0) }
        } else {
            let within = integer(fields["within_turns"], "`within_turns`", in: 1...1000)
            test = rule(kind, value, within: within, names).map { .rule($0) }
        }
        return test.map { Scorecard.Criterion(name: name, weight: weight, condition: condition, test: $0) }
    }

    private mutating func condition(_ node: Node?, _ names: ScorecardNames) -> ScorecardCondition {
        let fields = fields(node, of: "`when`", keys: ["outcome", "tool_called", "intent"])
        if let node, node.mapping?.isEmpty ?? false { fault(node, "`when` is empty; leave it out for all calls") }
        var condition = ScorecardCondition()
        condition.outcomes = Set(texts(fields["outcome"], "`outcome` of `when`").map(\.text))
        condition.intents = Set(texts(fields["intent"], "`intent` of `when`").map(\.text))
        condition.tool = fields["tool_called"].flatMap { tool($0, "`tool_called` of `when`", names) }
        return condition
    }

    private static let ruleKeys: Set<String> = [
        "said", "never_said", "asked_for", "slot_filled", "read_back", "tool_called", "tool_not_called",
        "tool_succeeded", "outcome", "resolution", "response_p95_below", "interruptions_at_most", "yield_below",
        "silence_below", "promises_kept", "length",
    ]

    private mutating func rule(
        _ kind: String, _ node: Node, within: Int?, _ names: ScorecardNames
    ) -> ScorecardRule? {
        switch kind {
        case "said": return .said(phrases(node, "`said`"), withinTurns: within)
        case "never_said": return .neverSaid(phrases(node, "`never_said`"))
        case "asked_for": return askedFor(node, names)
        case "slot_filled":
            return text(node, "`slot_filled`").map { slot in
                checkSlot(slot, node, names)
                return .slotFilled(slot)
            }
        case "read_back": return readBack(node, names)
        case "tool_called": return tool(node, "`tool_called`", names).map { .toolCalled($0) }
        case "tool_not_called": return tool(node, "`tool_not_called`", names).map { .toolNotCalled($0) }
        case "tool_succeeded": return tool(node, "`tool_succeeded`", names).map { .toolSucceeded($0) }
        case "outcome": return .outcome(texts(node, "`outcome`").map(\.text))
        case "resolution": return .resolution(texts(node, "`resolution`").map(\.text).filter { known($0, node) })
        case "response_p95_below":
            return integer(node, "`response_p95_below` (ms)", in: 1...60_000).map { .responseBelow($0) }
        case "interruptions_at_most":
            return integer(node, "`interruptions_at_most`", in: 0...1000).map { .interruptionsAtMost($0) }
        case "yield_below": return integer(node, "`yield_below` (ms)", in: 1...60_000).map { .yieldBelow($0) }
        case "silence_below":
            return number(node, "`silence_below` (seconds)", in: 0.1...600).map {
                .silenceBelow(Self.milliseconds($0))
            }
        case "promises_kept":
            if flag(node, "`promises_kept`") == false {
                fault(node, "`promises_kept: false` judges nothing; write true or leave the criterion out")
            }
            return .promisesKept
        default: return length(node)
        }
    }

    private mutating func phrases(_ node: Node, _ subject: String) -> [String] {
        texts(node, subject).compactMap { place, text in
            if SpokenText.words(text).isEmpty || text.count < Self.shortestPhrase {
                fault(place, "“\(text)” in \(subject) has no word to be heard")
                return nil
            }
            return text
        }
    }

    /// The words that `CallResolution` has.
    mutating func known(_ word: String, _ node: Node) -> Bool {
        let words = ["contained", "transferred", "abandoned", "failed", "unreached"]
        if !words.contains(word) {
            fault(node, "`resolution` names `\(word)`; known are: \(words.joined(separator: ", "))")
        }
        return words.contains(word)
    }

    /// A slot of the flow, or a mapping of any name and how it is asked for.
    private mutating func askedFor(_ node: Node, _ names: ScorecardNames) -> ScorecardRule? {
        if node.mapping != nil {
            let fields = fields(node, of: "`asked_for`", keys: ["slot", "phrases"], required: ["slot", "phrases"])
            guard let slot = text(fields["slot"], "`slot` of `asked_for`"), let said = fields["phrases"] else {
                return nil
            }
            return .askedFor(slot, questions: phrases(said, "`phrases` of `asked_for`"))
        }
        guard let slot = text(node, "`asked_for`") else { return nil }
        guard names.slots != nil else {
            fault(node, "an agent of kind model has no slots; write asked_for: {slot: \(slot), phrases: […]}")
            return nil
        }
        checkSlot(slot, node, names)
        if names.slots?[slot]?.isEmpty ?? false {
            fault(
                node,
                "the flow's questions for `\(slot)` have no two words to know them by; "
                    + "write asked_for: {slot: \(slot), phrases: […]}")
        }
        return .askedFor(slot, questions: names.slots?[slot] ?? [])
    }

    private mutating func checkSlot(_ slot: String, _ node: Node, _ names: ScorecardNames) {
        guard let slots = names.slots, slots[slot] == nil else { return }
        let hint =
            Self.nearest(to: slot, among: slots.keys).map { "did you mean `\($0)`?" }
            ?? "slots are: \(slots.keys.sorted().joined(separator: ", "))"
        fault(node, "the flow has no slot `\(slot)`; \(hint)")
    }

    private mutating func tool(_ node: Node, _ subject: String, _ names: ScorecardNames) -> String? {
        guard let name = text(node, subject) else { return nil }
        if !names.tools.contains(name), !Self.ownActs.contains(name) {
            let hint =
                Self.nearest(to: name, among: names.tools.union(Self.ownActs)).map { "did you mean `\($0)`?" }
                ?? "the agent's `tools` do not have it"
            fault(node, "\(subject): unknown tool `\(name)`; \(hint)")
        }
        return name
    }

    /// A tool, or a mapping of it and the arguments that matter.
    private mutating func readBack(_ node: Node, _ names: ScorecardNames) -> ScorecardRule? {
        guard node.mapping != nil else {
            return tool(node, "`read_back`", names).map { .readBack(tool: $0, arguments: []) }
        }
        let fields = fields(node, of: "`read_back`", keys: ["tool", "arguments"], required: ["tool", "arguments"])
        let arguments = texts(fields["arguments"], "`arguments` of `read_back`").map(\.text)
        return fields["tool"].flatMap { tool($0, "`tool` of `read_back`", names) }.map {
            .readBack(tool: $0, arguments: arguments)
        }
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }

    private mutating func length(_ node: Node) -> ScorecardRule? {
        let fields = fields(node, of: "`length`", keys: ["at_least", "at_most"])
        let least = number(fields["at_least"], "`at_least` (seconds)", in: 0...86_400)
        let most = number(fields["at_most"], "`at_most` (seconds)", in: 0...86_400)
        if node.mapping != nil, least == nil, most == nil, fields.isEmpty {
            fault(node, "`length` has neither `at_least` nor `at_most`; give one of them")
        }
        let (low, high) = (Self.milliseconds(least ?? 0), most.map(Self.milliseconds) ?? .max)
        guard low <= high else {
            fault(node, "`at_least` of `length` must not be above `at_most`")
            return nil
        }
        return .length(low...high)
    }
}

extension Flow {
    /// Slot → the questions that ask for it, its own and those of the steps that collect it, as far as they are the same on
    /// every call.
    var slotQuestions: [String: [String]] {
        var questions = slots.mapValues { $0.ask + $0.again + [$0.askLastName].compactMap(\.self) }
        for name in states.keys.sorted() {
            for step in states[name]?.steps ?? [] {
                if case .collect(let collect) = step.action { questions[collect.slot]? += collect.prompts }
            }
        }
        return questions.mapValues { templates in
            var seen: Set<String> = []
            return templates.flatMap(\.questions).filter { seen.insert($0).inserted }
        }
    }
}

extension Template {
    /// What stands between values: of the sentences that ask, where one does, for "Thank you, {name}." before a question asks
    /// for nothing. A single word would be found anywhere.
    fileprivate var questions: [String] {
        var all: [String] = []
        var asking: [String] = []
        var sentence: [String] = []
        func end(asks: Bool) {
            all += sentence
            if asks { asking += sentence }
            sentence = []
        }
        for case .text(let text) in segments {
            var piece = ""
            for index in text.indices {
                piece.append(text[index])
                let next = text.index(after: index)
                // A stop within a word ("a.m.") ends nothing.
                guard ".?!".contains(text[index]), next == text.endIndex || text[next].isWhitespace else { continue }
                sentence.append(piece)
                piece = ""
                end(asks: text[index] == "?")
            }
            sentence.append(piece)
        }
        end(asks: false)
        let (some, every) = (asking.compactMap(Self.phrase), all.compactMap(Self.phrase))
        return some.isEmpty ? every : some
    }

    private static func phrase(_ piece: String) -> String? {
        SpokenText.words(piece).count > 1 ? piece.trimmingCharacters(in: .whitespaces) : nil
    }
}
