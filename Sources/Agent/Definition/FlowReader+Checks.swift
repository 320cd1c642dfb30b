import Yams

extension FlowReader {
    /// Values that every template may use.
    private static let standingValues: Set<String> = ["today", "caller", "call", "escalation"]

    /// Everything that needs the whole file: names that are not there, and things that nobody uses.
    mutating func check(root: Node) {
        checkNames()
        checkReachability()
        checkSecrets()
        for (name, node) in slotNodes.sorted(by: { $0.key < $1.key }) {
            if !filledSlots.contains(name) {
                reader.fault(node, "nobody fills the slot \(name); add a `collect: \(name)` step or remove it")
            }
        }
        for (name, node) in intentNodes.sorted(by: { $0.key < $1.key })
        where routes[name] == nil && !Self.ownIntents.contains(name) && name != IntentClassifier.none {
            reader.fault(node, "the intent \(name) leads nowhere; name it in `on` of a state or remove it")
        }
        for name in ["yes", "no"] where intents[name] == nil && usesYesAndNo {
            reader.fault(root, "the flow asks questions of yes and no but lacks the intent `\(name)`; add its examples")
        }
        for name in tools.keys.sorted() where !usedTools.contains(name) {
            let key = toolsNode?.mapping?.keys.first { $0.scalar?.string == name }
            reader.fault(
                key ?? toolsNode, "the tool `\(name)` is never called; add a `call: \(name)` step or remove it")
        }
    }

    private var usesYesAndNo: Bool {
        slots.values.contains { $0.kind == .yesNo || $0.capture?.readsBack == true }
            || states.values.contains { state in
                state.steps.contains { if case .confirm = $0.action { true } else { false } }
            }
    }

    private mutating func checkNames() {
        for (name, node, _) in usedStates where states[name] == nil {
            let hint =
                AgentFileReader.nearest(to: name, among: states.keys).map { "did you mean `\($0)`?" }
                ?? "describe it in `states`"
            reader.fault(node, "unknown state `\(name)`; \(hint)")
        }
        for (name, node) in usedSlots where slots[name] == nil {
            let hint =
                AgentFileReader.nearest(to: name, among: slots.keys).map { "did you mean `\($0)`?" }
                ?? "describe it in `slots`"
            reader.fault(node, "unknown slot `\(name)`; \(hint)")
        }
        let known = Self.standingValues.union(slots.keys).union(facts.keys).union(variables)
        for (path, node, extra) in usedPaths {
            guard let name = path.first, !known.contains(name), !extra.contains(name) else { continue }
            let hint =
                AgentFileReader.nearest(to: name, among: known.union(extra)).map { "did you mean {\($0)}?" }
                ?? "it is no slot, fact or saved result"
            reader.fault(node, "unknown value {\(name)}; \(hint)")
        }
        for name in facts.keys.sorted() where slots[name] != nil || variables.contains(name) {
            reader.fault(
                slotNodes[name], "the name \(name) is used twice, for a fact and for a slot or result; rename one")
        }
        for name in variables.sorted() where slots[name] != nil {
            reader.fault(
                slotNodes[name], "the name \(name) is used twice, for a slot and for a saved result; rename one")
        }
    }

    private mutating func checkReachability() {
        var reached: Set<String> = Set(routes.values)
        reached.formUnion(usedStates.filter { $0.from == nil }.map(\.name))
        var open = Array(reached)
        while let state = open.popLast() {
            for use in usedStates where use.from == state && reached.insert(use.name).inserted { open.append(use.name) }
        }
        for (name, node) in stateNodes.sorted(by: { $0.key < $1.key }) where !reached.contains(name) {
            reader.fault(node, "the state \(name) cannot be reached; lead to it with `on` or `goto`, or remove it")
        }
    }

    /// The last step of a state decides where the conversation goes on.
    mutating func checkEnding(
        _ steps: [FlowStepDefinition], elements: [Node], isDigression: Bool, subject: String
    ) {
        guard let last = steps.last, let node = elements.last, steps.count == elements.count else { return }
        let isEnding =
            switch last.action {
            case .ask, .goto, .press, .transfer, .escalate, .hangUp: last.condition == nil
            default: false
            }
        if !isDigression, !isEnding {
            reader.fault(
                node,
                "\(subject) ends here with nowhere to go; end it with an unconditional ask, goto, press, transfer, escalate or hang_up"
            )
        }
    }

    /// What cannot be undone needs the caller's yes to a question that names what will be done.
    mutating func checkReadBack(_ steps: [FlowStepDefinition], elements: [Node]) {
        guard steps.count == elements.count else { return }
        var confirmed: [FlowStepDefinition.Confirm] = []
        for (step, node) in zip(steps, elements) {
            if case .confirm(let confirm) = step.action, step.condition == nil { confirmed.append(confirm) }
            guard case .call(let call) = step.action, tools[call.tool] == .irreversible else { continue }
            guard !confirmed.isEmpty else {
                reader.fault(
                    node,
                    "the tool `\(call.tool)` is irreversible; add a `confirm` step before it in this state, without `when`"
                )
                continue
            }
            let needed = Set(call.arguments.values.flatMap(\.references).compactMap(\.path.first))
                .filter { slots[$0] != nil || variables.contains($0) }
            for name in needed.sorted() {
                let isRead = confirmed.contains { confirm in
                    confirm.prompts.allSatisfy { $0.references.contains { $0.path.first == name } }
                }
                if !isRead {
                    reader.fault(
                        node,
                        "`\(call.tool)` acts on {\(name)}, which no `confirm` before it reads back; name it in each of its texts"
                    )
                }
            }
        }
    }
}
