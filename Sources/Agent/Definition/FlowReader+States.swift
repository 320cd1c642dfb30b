import Yams

extension FlowReader {
    /// What a step may say it does, and which other keys go with it.
    private static let verbs: [String: Set<String>] = [
        "ask": ["again", "hint", "yes", "no", "value", "on"],
        "collect": ["ask", "among", "offer", "none", "no"],
        "pick": ["from", "by", "ask", "describe", "none", "no"],
        "confirm": ["change", "no"],
        "say": [],
        "call": ["with", "save", "failed"],
        "set": [],
        "clear": [],
        "goto": ["at_most", "otherwise"],
        "press": [],
        "transfer": ["reason"],
        "escalate": [],
        "hang_up": [],
    ]
    /// In the order in which they decide what a step is: `ask` is also a key of others.
    private static let verbOrder = [
        "collect", "pick", "confirm", "say", "call", "set", "clear", "goto", "press", "transfer", "escalate", "hang_up",
        "ask",
    ]

    mutating func readStates(_ node: Node?) {
        for (key, name, value) in reader.members(node, of: "`states`") {
            let subject = "the state \(name)"
            stateNodes[name] = key
            let fields = reader.fields(
                value, of: subject, keys: ["on", "digression", "check", "fresh", "steps"], required: ["steps"])
            for (node, intent) in reader.texts(fields["on"], "`on` of \(subject)") {
                if canLead(intent, named: node, unlessOwn: " and cannot lead to a state"), let other = routes[intent] {
                    reader.fault(node, "the intent `\(intent)` leads to the state \(other) already; name it once")
                }
                routes[intent] = name
            }
            let fresh = slotNames(fields["fresh"], "`fresh` of \(subject)")
            let isDigression = reader.flag(fields["digression"], "`digression` of \(subject)") ?? false
            let elements = reader.elements(fields["steps"], "`steps` of \(subject)")
            if fields["steps"] != nil, elements.isEmpty {
                reader.fault(fields["steps"], "\(subject) has no steps; add one")
            }
            var steps: [FlowStepDefinition] = []
            for element in elements {
                if let step = readStep(element, state: name) { steps.append(step) }
            }
            let check = templates(fields["check"], "`check` of \(subject)")
            if fields["check"] != nil, fields["on"] == nil {
                reader.fault(
                    fields["check"],
                    "`check` asks whether the caller wants what an intent begins; \(subject) has no `on`")
            }
            states[name] = FlowState(
                name: name, isDigression: isDigression, check: check, fresh: fresh, steps: steps)
            checkEnding(steps, elements: elements, isDigression: isDigression, subject: subject)
            checkReadBack(steps, elements: elements)
        }
    }

    private mutating func readStep(_ node: Node, state: String) -> FlowStepDefinition? {
        guard node.mapping != nil else {
            reader.fault(node, "a step must be a mapping such as `say: …`, not \(AgentFileReader.kind(of: node))")
            return nil
        }
        let names = Set(node.mapping?.keys.compactMap { $0.scalar?.string } ?? [])
        guard let verb = Self.verbOrder.first(where: names.contains) else {
            let unknown = names.first.map { " `\($0)`" } ?? ""
            reader.fault(
                node, "unknown step\(unknown); a step is one of: \(Self.verbs.keys.sorted().joined(separator: ", "))")
            return nil
        }
        let allowed = (Self.verbs[verb] ?? []).union([verb, "when"])
        let fields = reader.fields(node, of: "the step `\(verb)`", keys: allowed)
        let condition = readCondition(fields["when"])
        let action: FlowStepDefinition.Action? =
            switch verb {
            case "ask": readAsk(fields, state: state)
            case "collect": readCollect(fields, state: state)
            case "pick": readPick(fields, node: node, state: state)
            case "confirm": readConfirm(fields, node: node, state: state)
            case "say": .say(templates(fields["say"], "`say`"))
            case "call": readCall(fields, node: node, state: state)
            case "set": readSet(fields["set"])
            case "clear": .clear(slotNames(fields["clear"], "`clear`"))
            case "goto": readGoto(fields, node: node, state: state)
            case "press": readPress(fields["press"])
            case "transfer":
                .transfer(
                    destination: reader.text(fields["transfer"], "`transfer`") ?? "",
                    reason: reader.text(fields["reason"], "`reason`") ?? "asked for by the flow")
            case "escalate": .escalate(reason: reader.text(fields["escalate"], "`escalate`") ?? "")
            default: .hangUp(reason: reader.text(fields["hang_up"], "`hang_up`") ?? "")
            }
        return action.map { FlowStepDefinition(condition: condition, action: $0) }
    }

    private mutating func readCondition(_ node: Node?) -> FlowCondition? {
        guard let node, let text = reader.text(node, "`when`") else { return nil }
        do throws(FlowCondition.Fault) {
            let condition = try FlowCondition(text)
            for path in condition.paths { usedPaths.append((path, node, [])) }
            return condition
        } catch {
            reader.fault(node, error.reason)
            return nil
        }
    }

    private mutating func state(_ node: Node?, _ subject: String, from state: String) -> String? {
        guard let node, let name = reader.text(node, subject) else { return nil }
        usedStates.append((name, node, state))
        return name
    }

    private mutating func slotNames(_ node: Node?, _ subject: String) -> [String] {
        reader.texts(node, subject).map { node, name in
            usedSlots.append((name, node))
            return name
        }
    }

    private mutating func path(_ node: Node?, _ subject: String) -> [String]? {
        guard let node, let text = reader.text(node, subject) else { return nil }
        let path = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        usedPaths.append((path, node, []))
        return path
    }

    /// Whether an intent can lead to a state; a fault is noted where it cannot.
    @discardableResult
    private mutating func canLead(_ intent: String, named node: Node, unlessOwn remedy: String) -> Bool {
        if intents[intent] == nil {
            let hint =
                AgentFileReader.nearest(to: intent, among: intents.keys).map { "did you mean `\($0)`?" }
                ?? "describe it in `intents`"
            reader.fault(node, "unknown intent `\(intent)`; \(hint)")
            return false
        }
        if Self.ownIntents.contains(intent) {
            reader.fault(node, "the intent `\(intent)` is answered by the flow itself\(remedy)")
            return false
        }
        return true
    }

    private mutating func readAsk(_ fields: [String: Node], state name: String) -> FlowStepDefinition.Action {
        var routes: [String: String] = [:]
        for (key, intent, value) in reader.members(fields["on"], of: "`on`") {
            canLead(intent, named: key, unlessOwn: "; for yes and no use those keys")
            routes[intent] = state(value, "the state for \(intent)", from: name)
        }
        return .ask(
            FlowStepDefinition.Ask(
                prompts: templates(fields["ask"], "`ask`"), again: templates(fields["again"], "`again`"),
                hint: templates(fields["hint"], "`hint`").first,
                yes: state(fields["yes"], "`yes`", from: name), no: state(fields["no"], "`no`", from: name),
                value: state(fields["value"], "`value`", from: name), routes: routes))
    }

    private mutating func readCollect(_ fields: [String: Node], state name: String) -> FlowStepDefinition.Action? {
        guard let slot = slotNames(fields["collect"], "`collect`").first else { return nil }
        filledSlots.insert(slot)
        let offer = templates(fields["offer"], "`offer`", extra: ["offers"])
        if let among = fields["among"] {
            if slots[slot]?.capture != nil {
                reader.fault(among, "`among` is not for the slot \(slot): its capture block decides what it takes")
            }
            if offer.isEmpty {
                reader.fault(among, "`among` needs `offer`: what the caller hears when the value is not in the list")
            }
            if fields["none"] == nil {
                reader.fault(among, "`among` needs `none`: the state to go to when the list is empty")
            }
        }
        return .collect(
            FlowStepDefinition.Collect(
                slot: slot, prompts: templates(fields["ask"], "`ask`", extra: ["offers"]),
                among: path(fields["among"], "`among`"), offer: offer,
                none: state(fields["none"], "`none`", from: name), no: state(fields["no"], "`no`", from: name)))
    }

    private mutating func readPick(_ fields: [String: Node], node: Node, state name: String) -> FlowStepDefinition
        .Action?
    {
        for key in ["from", "ask", "describe", "none"] where fields[key] == nil {
            reader.fault(node, "the step `pick` lacks the key `\(key)`; add it")
        }
        guard let variable = reader.text(fields["pick"], "`pick`"), let from = path(fields["from"], "`from`") else {
            return nil
        }
        variables.insert(variable)
        var by: [(slot: String, field: String)] = []
        for (key, slot, value) in reader.members(fields["by"], of: "`by`") {
            usedSlots.append((slot, key))
            filledSlots.insert(slot)
            if let field = reader.text(value, "the member for \(slot)") { by.append((slot, field)) }
        }
        return .pick(
            FlowStepDefinition.Pick(
                variable: variable, from: from, by: by, prompts: templates(fields["ask"], "`ask`", extra: ["offers"]),
                describe: templates(fields["describe"], "`describe`", extra: ["item"]).first ?? .empty,
                none: state(fields["none"], "`none`", from: name), no: state(fields["no"], "`no`", from: name)))
    }

    private mutating func readConfirm(_ fields: [String: Node], node: Node, state name: String)
        -> FlowStepDefinition.Action
    {
        if fields["no"] == nil {
            reader.fault(node, "the step `confirm` lacks the key `no`: the state to go to after a no")
        }
        return .confirm(
            FlowStepDefinition.Confirm(
                prompts: templates(fields["confirm"], "`confirm`"),
                change: templates(fields["change"], "`change`").first,
                no: state(fields["no"], "`no`", from: name) ?? ""))
    }

    private mutating func readCall(_ fields: [String: Node], node: Node, state name: String) -> FlowStepDefinition
        .Action?
    {
        guard let tool = reader.text(fields["call"], "`call`") else { return nil }
        usedTools.insert(tool)
        if tools[tool] == nil {
            let hint =
                AgentFileReader.nearest(to: tool, among: tools.keys).map { "did you mean `\($0)`?" }
                ?? "list it in `tools` with its risk"
            reader.fault(fields["call"], "unknown tool `\(tool)`; \(hint)")
        }
        var arguments: [String: Template] = [:]
        for (_, argument, value) in reader.members(fields["with"], of: "`with`") {
            arguments[argument] = templates(value, "the argument \(argument)").first ?? .empty
            for reference in arguments[argument]?.references ?? [] { givenPaths.append((reference.path, value, tool)) }
        }
        let save = reader.text(fields["save"], "`save`")
        if let save { variables.insert(save) }
        return .call(
            FlowStepDefinition.Call(
                tool: tool, arguments: arguments, save: save,
                failed: readFailures(fields["failed"], node: node, state: name)))
    }

    private mutating func readFailures(_ node: Node?, node step: Node, state name: String) -> [ToolError.Code?: String]
    {
        guard let node else {
            reader.fault(step, "the step `call` lacks the key `failed`: the state to go to when the tool fails")
            return [:]
        }
        guard node.mapping != nil else { return state(node, "`failed`", from: name).map { [nil: $0] } ?? [:] }
        var failures: [ToolError.Code?: String] = [:]
        for (key, code, value) in reader.members(node, of: "`failed`") {
            let target = state(value, "the state for \(code)", from: name)
            if code == "else" {
                failures[nil] = target
            } else if let code = ToolError.Code(rawValue: code) {
                failures[code] = target
            } else {
                let known = ToolError.Code.allCases.map(\.rawValue).joined(separator: ", ")
                reader.fault(key, "unknown error `\(code)`; known are: \(known), else")
            }
        }
        if failures[nil] == nil { reader.fault(node, "`failed` lacks `else`: the state for every other error") }
        return failures
    }

    private mutating func readSet(_ node: Node?) -> FlowStepDefinition.Action? {
        let members = reader.members(node, of: "`set`")
        guard let (key, slot, value) = members.first, members.count == 1 else {
            reader.fault(node, "`set` takes one slot and its value, as in `set: {date: \"{today}\"}`")
            return nil
        }
        usedSlots.append((slot, key))
        filledSlots.insert(slot)
        return .set(slot: slot, value: templates(value, "the value of \(slot)").first ?? .empty)
    }

    private mutating func readPress(_ node: Node?) -> FlowStepDefinition.Action? {
        guard let keys = templates(node, "`press`").first else { return nil }
        let isTyped = keys.references.isEmpty
        guard !isTyped || (1...32).contains(keys.source.count) && keys.source.allSatisfy(FlowEngine.pressable.contains)
        else {
            reader.fault(node, "`press` takes up to 32 keys of 0-9, A-D, * and #, not \"\(keys.source)\"")
            return nil
        }
        return .press(keys)
    }

    private mutating func readGoto(_ fields: [String: Node], node: Node, state name: String)
        -> FlowStepDefinition.Action
    {
        let atMost = reader.integer(fields["at_most"], "`at_most`", in: 1...1000)
        let otherwise = state(fields["otherwise"], "`otherwise`", from: name)
        if (atMost == nil) != (otherwise == nil) {
            reader.fault(node, "`at_most` and `otherwise` go together: how often, and where to go after that")
        }
        let target = state(fields["goto"], "`goto`", from: name) ?? ""
        if target == name, atMost == nil {
            reader.fault(fields["goto"], "the state goes to itself without end; add `at_most` and `otherwise`")
        }
        return .goto(FlowStepDefinition.Goto(state: target, atMost: atMost, otherwise: otherwise))
    }
}
