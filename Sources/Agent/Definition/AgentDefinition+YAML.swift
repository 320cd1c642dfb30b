package import Foundation
import Yams

extension AgentDefinition {
    private static let commonKeys: Set<String> = [
        "name", "kind", "summary", "greeting", "voice", "thresholds", "silence", "barge_in", "tools", "escalation",
        "handoff", "delegate", "language", "languages", "say_as", "error_budget", "team", "verification",
        "tool_wait", "recording", "scorecard", "cut_off", "after_call",
    ]
    private static let requiredKeys = ["name", "kind", "greeting", "thresholds", "silence", "escalation"]

    /// Reads an agent from YAML.
    ///
    /// - Parameters:
    ///   - file: the name for faults.
    ///   - meanings: what a flow's callers are understood by, where there is a model for it.
    ///   - resource: reads what the file refers to, by relative path.
    package init(
        yaml bytes: Data, file: String, meanings: SentenceMeanings? = nil, resource: (String) throws -> Data
    ) throws(AgentFileErrors) {
        let document = YAMLDocument(bytes: bytes, file: file)
        guard let root = document.root else { throw AgentFileErrors(document.faults) }
        var reader = AgentFileReader(file: file, faults: document.faults)
        var hash = ContentHash()
        hash.add(bytes)

        let kind = reader.choice(root.mapping?["kind"], "`kind`", as: Kind.self)
        let keys =
            switch kind {
            case .flow: Self.commonKeys.union(FlowReader.keys)
            case .model: Self.commonKeys.union(ModelSettings.keys)
            case nil: Self.commonKeys.union(FlowReader.keys).union(ModelSettings.keys)
            }
        let required =
            switch kind {
            case .flow: FlowReader.requiredKeys
            case .model: ModelSettings.requiredKeys
            case nil: [String]()
            }
        let fields = reader.fields(root, of: "the agent", keys: keys, required: Self.requiredKeys + required)

        name = reader.text(fields["name"], "`name`") ?? ""
        if !name.isEmpty, !name.allSatisfy({ ($0.isLowercase && $0.isASCII) || $0.isWholeNumber || $0 == "-" }) {
            reader.fault(fields["name"], "`name` is `\(name)` but may have small letters, figures and - only")
        }
        summary = reader.text(fields["summary"], "`summary`") ?? ""
        greeting = reader.text(fields["greeting"], "`greeting`") ?? ""
        cutOff = reader.text(fields["cut_off"], "`cut_off`")
        voice = reader.text(fields["voice"], "`voice`")
        let region: SpokenRegion?
        (spokenLanguage, region) = reader.language(fields["language"])
        languages = reader.languages(fields["languages"], besides: spokenLanguage)
        sayAs = [:]
        for (_, word, value) in reader.members(fields["say_as"], of: "`say_as`") {
            sayAs[word] = reader.sayAs(value, word)
        }
        thresholds = reader.thresholds(fields["thresholds"])
        silence = reader.silence(fields["silence"])
        bargeIn = reader.bargeIn(fields["barge_in"])
        toolWait = reader.toolWait(fields["tool_wait"])
        policies = reader.policies(fields["tools"])
        tools = policies.mapValues(\.risk)
        verification = reader.verification(fields["verification"])
        reader.check(verification, against: policies, toolsNode: fields["tools"], node: fields["verification"])
        handoff = reader.texts(fields["handoff"], "`handoff`").map(\.text)
        delegate = reader.texts(fields["delegate"], "`delegate`").map(\.text)
        for key in ["handoff", "delegate"] where kind == .flow && fields[key] != nil {
            reader.fault(
                fields[key], "`\(key)` is for agents of kind model; a flow hands over with `transfer: agent:NAME`")
        }
        let steps = reader.escalation(fields["escalation"], language: spokenLanguage)
        escalation = steps.map(\.step)
        warmTransfers = reader.warmTransfers(fields["escalation"], language: spokenLanguage)
        recording = reader.recording(fields["recording"], language: spokenLanguage)
        errorBudget = reader.errorBudget(fields["error_budget"])
        team = reader.team(fields["team"], of: name)
        self.file = file

        switch kind {
        case .flow:
            var flowReader = FlowReader(
                reader: reader, tools: tools, toolsNode: fields["tools"],
                reviewed: Set(policies.filter { $0.value.evidence == .approved }.keys),
                proofs: Set(verification?.facts.map(\.name) ?? []), region: region,
                meanings: spokenLanguage == .english ? meanings : nil)
            let flow = flowReader.read(fields, root: root, escalation: steps) { path in
                let data = try resource(path)
                hash.add(data)
                return data
            }
            reader = flowReader.reader
            engine = .flow(flow)
        case .model, nil:
            var settings = reader.modelSettings(fields, language: spokenLanguage)
            settings.grounding = reader.grounding(
                fields["grounding"], tools: Set(tools.keys), language: spokenLanguage)
            if settings.grounding.action != .off {
                // Days of a file are those of any year.
                let today = CivilDate(dayNumber: 0)
                for text in [settings.instructions, greeting, summary] { settings.grounds.add(text, today: today) }
            }
            engine = .model(settings)
            for (step, node) in steps {
                if case .state(let state, _) = step, kind == .model {
                    reader.fault(node, "an agent of kind model has no state `\(state)`; use transfer or hang_up")
                }
            }
        }
        let slots: [String: [String]]? = if case .flow(let flow) = engine { flow.slotQuestions } else { nil }
        scorecard = reader.scorecard(
            fields["scorecard"], names: AgentFileReader.ScorecardNames(tools: Set(tools.keys), slots: slots)
        ) { path in
            let data = try resource(path)
            hash.add(data)
            return data
        }
        afterCall = reader.afterCall(fields["after_call"], tools: Set(tools.keys))
        version = hash.hexadecimal
        guard reader.faults.isEmpty else {
            throw AgentFileErrors(reader.faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
        }
    }
}

extension AgentFileReader {
    /// `en`, `es`, and for English whose habits: `en-US`, `en-GB`.
    fileprivate mutating func language(_ node: Node?) -> (SpokenLanguage, SpokenRegion?) {
        guard let node, let text = text(node, "`language`") else { return (.english, .us) }
        let parts = text.split(separator: "-", maxSplits: 1).map(String.init)
        if parts.count == 2, parts[0] == SpokenLanguage.english.rawValue, let region = SpokenRegion(rawValue: parts[1])
        {
            return (.english, region)
        }
        let language = choice(node, "`language`", as: SpokenLanguage.self) ?? .english
        return (language, language == .english ? .us : nil)
    }

    /// Languages → the agents that speak them.
    fileprivate mutating func languages(_ node: Node?, besides own: SpokenLanguage) -> [SpokenLanguage: String] {
        var languages: [SpokenLanguage: String] = [:]
        for (key, name, value) in members(node, of: "`languages`") {
            guard let language = choice(key, "a language of `languages`", as: SpokenLanguage.self) else { continue }
            if language == own {
                fault(key, "`languages` names `\(name)`, which this agent speaks itself; leave it out")
            }
            languages[language] = text(value, "the agent that speaks `\(name)`")
        }
        return languages
    }

    fileprivate mutating func thresholds(_ node: Node?) -> ConfidenceThresholds {
        let fields = fields(
            node, of: "`thresholds`", keys: ["reask_below", "agree_below", "escalate_below", "max_reasks"],
            required: ["reask_below", "escalate_below", "max_reasks"])
        let reaskBelow = number(fields["reask_below"], "`reask_below`", in: 0...1) ?? 0.5
        let result = ConfidenceThresholds(
            reaskBelow: reaskBelow,
            agreeBelow: number(fields["agree_below"], "`agree_below`", in: 0...1) ?? max(reaskBelow, 0.5),
            escalateBelow: number(fields["escalate_below"], "`escalate_below`", in: 0...1) ?? 0,
            maxReasks: integer(fields["max_reasks"], "`max_reasks`", in: 1...10) ?? 2)
        if result.escalateBelow > result.reaskBelow {
            fault(
                fields["escalate_below"],
                "`escalate_below` (\(result.escalateBelow)) must not be above `reask_below` (\(result.reaskBelow))")
        }
        if result.agreeBelow < result.reaskBelow {
            fault(
                fields["agree_below"],
                "`agree_below` (\(result.agreeBelow)) must not be below `reask_below` (\(result.reaskBelow))")
        }
        return result
    }

    fileprivate mutating func silence(_ node: Node?) -> SilencePolicy {
        let keys = ["reprompt_after", "max_reprompts", "prompts", "farewell"]
        let fields = fields(node, of: "`silence`", keys: Set(keys), required: keys)
        return SilencePolicy(
            repromptAfter: seconds(fields["reprompt_after"], "`reprompt_after`", in: 1...120) ?? .seconds(7),
            maxReprompts: integer(fields["max_reprompts"], "`max_reprompts`", in: 0...10) ?? 2,
            prompts: texts(fields["prompts"], "`prompts`").map(\.text),
            farewell: text(fields["farewell"], "`farewell`") ?? "")
    }

    fileprivate mutating func bargeIn(_ node: Node?) -> BargeInPolicy {
        let fields = fields(
            node, of: "`barge_in`", keys: ["protected_greeting_words", "profile"],
            required: ["protected_greeting_words"])
        return BargeInPolicy(
            protectedGreetingWords: integer(
                fields["protected_greeting_words"], "`protected_greeting_words`", in: 0...50) ?? 0,
            profile: choice(fields["profile"], "`profile`", as: BargeInPolicy.Profile.self) ?? .usual)
    }

    fileprivate mutating func policies(_ node: Node?) -> [String: ToolPolicy] {
        var policies: [String: ToolPolicy] = [:]
        for (key, name, value) in members(node, of: "`tools`") {
            if name.isEmpty || name.count > 64 || !name.allSatisfy({ $0.isASCII && ($0.isNamePart || $0 == "-") }) {
                fault(key, "the tool name `\(name)` may have letters, figures, _ and - only, at most 64")
            }
            policies[name] = policy(value, tool: name)
        }
        return policies
    }

    /// A risk, or a mapping of it and what the agent must have beside it.
    private mutating func policy(_ node: Node, tool: String) -> ToolPolicy {
        guard node.mapping != nil else {
            return ToolPolicy(
                risk: choice(node, "the risk of the tool `\(tool)`", as: ToolDefinition.Risk.self) ?? .irreversible)
        }
        let subject = "the tool `\(tool)`"
        let fields = fields(
            node, of: subject, keys: ["risk", "evidence", "min_confidence", "review_hours"], required: ["risk"])
        let risk = choice(fields["risk"], "the risk of \(subject)", as: ToolDefinition.Risk.self) ?? .irreversible
        let (evidence, needsVerified) = evidence(fields["evidence"], of: subject)
        if risk == .irreversible, evidence == ToolPolicy.Evidence.none {
            fault(fields["evidence"], "\(subject) is irreversible, so its `evidence` must be confirmed or approved")
        }
        if fields["review_hours"] != nil, evidence != .approved, risk != .irreversible {
            fault(fields["review_hours"], "`review_hours` does nothing without `evidence: approved`")
        }
        let hours = number(fields["review_hours"], "`review_hours`", in: 0.01...720) ?? 24
        return ToolPolicy(
            risk: risk, evidence: evidence,
            minimumConfidence: number(fields["min_confidence"], "`min_confidence`", in: 0...1),
            reviewExpiry: .milliseconds(Int64(hours * 3_600_000)), needsVerified: needsVerified)
    }

    fileprivate mutating func escalation(
        _ node: Node?, language: SpokenLanguage
    ) -> [(step: EscalationStep, node: Node)] {
        var steps: [(EscalationStep, Node)] = []
        let elements = elements(node, "`escalation`")
        if node != nil, elements.isEmpty {
            fault(node, "`escalation` is empty; say what happens when the agent cannot help")
        }
        for element in elements {
            let known = ["transfer", "queue", "callback", "voicemail", "goto", "hang_up"]
            let fields = fields(
                element, of: "a step of `escalation`", keys: Set(known + ["say", "warm"]), required: ["say"])
            let say = text(fields["say"], "`say`") ?? ""
            let kinds = known.filter { fields[$0] != nil }
            guard kinds.count == 1 else {
                fault(
                    element,
                    "a step of `escalation` needs one of transfer, queue, callback, voicemail, goto and hang_up")
                continue
            }
            if let warm = fields["warm"], !["transfer", "queue"].contains(kinds[0]) {
                fault(warm, "`warm` is for the steps transfer and queue; \(kinds[0]) sends nobody to a person")
            }
            switch kinds[0] {
            case "queue":
                if let step = queueStep(fields["queue"], say: say, language) { steps.append((.queue(step), element)) }
            case "callback":
                steps.append((.callback(callbackStep(fields["callback"], say: say, language)), element))
            case "voicemail":
                steps.append((.voicemail(voicemailStep(fields["voicemail"], say: say, language)), element))
            case "transfer":
                if let destination = text(fields["transfer"], "`transfer`") {
                    steps.append((.transfer(destination: destination, say: say), element))
                }
            case "goto":
                if let state = text(fields["goto"], "`goto`") { steps.append((.state(state, say: say), element)) }
            default:
                if flag(fields["hang_up"], "`hang_up`") == true { steps.append((.hangUp(say: say), element)) }
            }
        }
        return steps
    }

    fileprivate mutating func modelSettings(_ fields: [String: Node], language: SpokenLanguage) -> ModelSettings {
        let model = self.fields(
            fields["model"], of: "`model`", keys: ModelSettings.modelKeys,
            required: ["provider", "max_tokens", "step_budget", "apology", "not_understood"])
        let provider = text(model["provider"], "`provider`") ?? ""
        let firstTokenDeadline =
            seconds(model["first_token_deadline"], "`first_token_deadline`", in: 0.1...60) ?? .seconds(4)
        let hedgeAfter = seconds(model["hedge_after"], "`hedge_after`", in: 0.1...60) ?? firstTokenDeadline / 2
        if hedgeAfter >= firstTokenDeadline {
            fault(
                model["hedge_after"],
                "`hedge_after` must be shorter than `first_token_deadline`, which holds for the whole chain")
        }
        var settings = ModelSettings(
            provider: provider,
            fallback: fallback(model, provider: provider),
            hedgeAfter: hedgeAfter,
            model: text(model["name"], "`name` of the model"),
            instructions: prose(fields["instructions"], "`instructions`") ?? "",
            temperature: number(model["temperature"], "`temperature`", in: 0...2),
            maxTokens: integer(model["max_tokens"], "`max_tokens`", in: 16...32_768) ?? 300,
            stepBudget: integer(model["step_budget"], "`step_budget`", in: 1...20) ?? 6,
            firstTokenDeadline: firstTokenDeadline,
            progressDeadline: seconds(model["progress_deadline"], "`progress_deadline`", in: 0.1...60) ?? .seconds(3),
            apology: text(model["apology"], "`apology`") ?? "",
            notUnderstood: text(model["not_understood"], "`not_understood`") ?? "")
        settings.notDone = text(model["not_done"], "`not_done`") ?? UsualSentence.notDone.text(in: language)
        if let tokens = integer(model["context_tokens"], "`context_tokens`", in: 1000...1_000_000) {
            settings.contextTokens = tokens
        }
        if let prepares = flag(model["prepares_replies"], "`prepares_replies`") { settings.preparesReplies = prepares }
        return settings
    }

    /// The providers behind the first one: few, and each one once.
    private mutating func fallback(_ model: [String: Node], provider: String) -> [String] {
        var names: [String] = []
        for (node, name) in texts(model["fallback"], "`fallback`") {
            if name == provider || names.contains(name) {
                fault(node, "`fallback` names the provider `\(name)` again; name each one once")
            }
            names.append(name)
        }
        if names.count > 4 { fault(model["fallback"], "`fallback` names \(names.count) providers; 4 at most") }
        if names.isEmpty, let hedge = model["hedge_after"] {
            fault(hedge, "`hedge_after` does nothing without `fallback`; add a provider there")
        }
        return names
    }

    /// A text of several lines, kept as it is.
    private mutating func prose(_ node: Node?, _ subject: String) -> String? {
        guard text(node, subject) != nil else { return nil }
        return node?.scalar?.string.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension ModelSettings {
    fileprivate static let keys: Set<String> = ["model", "instructions", "grounding"]
    fileprivate static let requiredKeys = ["model", "instructions"]
    fileprivate static let modelKeys: Set<String> = [
        "provider", "fallback", "hedge_after", "name", "temperature", "max_tokens", "step_budget",
        "first_token_deadline", "progress_deadline", "apology", "not_understood", "not_done",
        "prepares_replies", "context_tokens",
    ]
}
