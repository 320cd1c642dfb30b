extension ModelDialogue {
    private static let endCall = ToolDefinition(
        name: "end_call", summary: "Ends the call. Say goodbye first.",
        parameters: ["type": "object", "properties": [:], "additionalProperties": false], risk: .reversible)
    private static let transferCall = ToolDefinition(
        name: "transfer_to_person", summary: "Hands the caller to a person. Tell the caller first.",
        parameters: [
            "type": "object", "properties": ["reason": ["type": "string"]], "additionalProperties": false,
        ], risk: .reversible)

    /// Only on calls that we placed: at the other end may be a menu.
    static let pressKeys = ToolDefinition(
        name: "press_keys",
        summary:
            "Presses telephone keys, when a recorded menu offers them. Choose what leads to the person or department you call; after the same menu twice choose otherwise, such as 0. Say nothing to a menu.",
        parameters: [
            "type": "object",
            "properties": ["keys": ["type": "string", "pattern": "^[0-9A-D*#]{1,32}$"]],
            "required": ["keys"], "additionalProperties": false,
        ], risk: .reversible)

    /// Only on calls that we placed: whoever keeps the list hears of it as of the intent of that name, stores it, says so and hangs up.
    private static let optOut = ToolDefinition(
        name: "opt_out",
        summary:
            "Puts the person on the list of those who are never called again, tells them so, and ends the call. Use it as soon as they want no more calls, in whatever words; say nothing before.",
        parameters: ["type": "object", "properties": [:], "additionalProperties": false], risk: .reversible)

    /// Where a caller goes who wants a person: to one, or along the path's own steps.
    private func personDestination() -> String? {
        switch path.toPerson() {
        case .transfer(let destination, _): destination
        case .queue, .callback, .voicemail: path.here
        case .state, .hangUp, nil: nil
        }
    }

    /// What ends a turn in the loop itself.
    var ownTools: [ToolDefinition] {
        [Self.endCall] + (path.hasPerson ? [Self.transferCall] : [])
            + (isOnPlacedLine ? [Self.pressKeys, Self.optOut] : []) + handoverTools
    }

    /// All tools. One of the service's that is named like one of the loop's own is not reached, and vendors refuse two of a name.
    var allTools: [ToolDefinition] {
        let own = ownTools
        let names = Set(own.map(\.name))
        return own + runner.definitions.filter { !names.contains($0.name) }
    }

    /// Whether somebody whom we have called hears this agent. A colleague who is asked has no line: nobody would get their keys, nor
    /// store what they understood.
    var isOnPlacedLine: Bool { call.isPlaced && environment.hasCaller }

    /// Hands the caller over to another agent, which takes the line.
    private var handoverTools: [ToolDefinition] {
        let names = agent.handoff.filter { environment.agents[$0] != nil }
        guard !names.isEmpty else { return [] }
        let others = names.map { "\($0): \(environment.agents[$0]?.summary ?? "")" }.joined(separator: " ")
        return [
            ToolDefinition(
                name: Self.handover, summary: "Hands the caller over to a colleague, who takes the line. \(others)",
                parameters: [
                    "type": "object",
                    "properties": [
                        "agent": ["type": "string", "enum": .array(names.map(JSONValue.string))],
                        "brief": [
                            "type": "string", "maxLength": 1000,
                            "description": "What the colleague must know: who calls, what for, what was done.",
                        ],
                    ], "required": ["agent", "brief"], "additionalProperties": false,
                ], risk: .reversible)
        ]
    }

    private static let handover = "hand_over_to_colleague"

    /// Whether a call ends the agent's part of the conversation.
    func isTerminal(_ call: ModelToolCall) -> Bool {
        [Self.endCall.name, Self.transferCall.name, Self.handover].contains(call.name)
    }

    /// Runs what the model selected: reads side by side, everything else one after the other.
    func run(_ calls: [ModelToolCall], _ outputs: Outputs) async {
        let definitions = Dictionary(runner.definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let reads = calls.filter { definitions[$0.name]?.risk == .read }
        if calls.count > 1, reads.count == calls.count {
            await withTaskGroup(of: Void.self) { group in
                for call in calls { group.addTask { await self.run(call, definitions[call.name], outputs) } }
            }
            return
        }
        for call in calls {
            guard !Task.isCancelled, !hasEnded else { return }
            await run(call, definitions[call.name], outputs)
        }
    }

    private func run(_ call: ModelToolCall, _ definition: ToolDefinition?, _ outputs: Outputs) async {
        if call.name == Self.endCall.name {
            context.add(result: #"{"ended":true}"#, of: call.id)
            end(.hangUp(reason: "the agent ended the call"), outputs)
            return
        }
        if call.name == Self.pressKeys.name, isOnPlacedLine {
            press(call, outputs)
            return
        }
        if call.name == Self.optOut.name, isOnPlacedLine {
            context.add(result: #"{"opted_out":true}"#, of: call.id)
            outputs.yield(
                .understood(Understanding(intent: Self.optOut.name, entities: [:], confidence: 1)))
            end(.hangUp(reason: "the person wants no more calls"), outputs)
            return
        }
        if call.name == Self.transferCall.name, let destination = personDestination() {
            context.add(result: #"{"transfer":"begun"}"#, of: call.id)
            let reason = call.arguments?["reason"]?.string ?? UsualSentence.reasonWantsPerson.text(in: .english)
            end(.transfer(destination: destination, reason: reason), outputs)
            return
        }
        if call.name == Self.handover, let name = call.arguments?["agent"]?.string, agent.handoff.contains(name),
            environment.agents[name] != nil
        {
            context.add(result: #"{"handed_over":true}"#, of: call.id)
            let brief = String((call.arguments?["brief"]?.string ?? "").prefix(1000))
            end(.transfer(destination: TeamDialogue.prefix + name, reason: brief), outputs)
            return
        }
        guard let arguments = call.arguments else {
            context.add(result: Self.failure("invalidArguments", "the arguments are no JSON"), of: call.id)
            return
        }
        let policy = policy(of: call.name).tightened(by: definition?.risk)
        let key = openKey(of: call) ?? key(of: call)
        guard definition != nil else {
            // Nothing was called: there is no such tool, and the model is told which there are.
            let known = allTools.map(\.name).joined(separator: ", ")
            context.add(
                result: Self.failure("unavailable", "there is no such tool; known are: \(known)"), of: call.id)
            return
        }
        if let objection = guardian.objection(to: call) { return refuse(call, objection) }
        gate.isVerified = verifier?.isVerified == true
        switch gate.verdict(on: arguments, policy: policy) {
        case .run: break
        case .refuse(let reason): return refuse(call, reason)
        case .review(let reason):
            return await file(call, arguments, key: key, policy: policy, reason: reason, outputs)
        }
        if isForBackground(call) { return askInBackground(call, arguments, key: key, outputs) }
        let invocation = nextInvocation(call.name, arguments)
        let shown = runner.forRecord(invocation)
        outputs.yield(.toolStarted(shown))
        let outcome = await waiting.run(invocation, idempotencyKey: key, by: runner, outputs)
        outputs.yield(.toolFinished(shown, outcome))
        settle(call, outcome, openKey: openKey(of: call))
        let result =
            switch outcome {
            case .result(let value): value.text
            case .failure(let error): Self.failure(error.code.rawValue, error.detail)
            }
        if case .result = outcome, policy.risk != .read { done.insert(call.name) }
        guardian.note(call, result: result)
        context.add(result: Self.capped(result), of: call.id)
        ground(Self.capped(result))
    }

    /// An act of which it is known by now what came of it is another one when it is asked for again. One that was refused
    /// before it was tried stays the same.
    ///
    /// - Parameter openKey: that it had as one of which nobody knew that; nil where it was none. Others of the same shape stay
    ///   open.
    func settle(_ call: ModelToolCall, _ outcome: ToolOutcome, openKey: String?) {
        if case .failure(let error) = outcome, error.code == .deadlineExceeded { return }
        openActs[Self.act(call)] = nil
        if let openKey { maskedActs.removeAll { $0.key == openKey } }
    }

    /// The key of an act of which nobody knows what came of it; nil for every other one.
    func openKey(of call: ModelToolCall) -> String? {
        openActs[Self.act(call)] ?? maskedActs.first { $0.isMet(by: call) }?.key
    }

    private func press(_ call: ModelToolCall, _ outputs: Outputs) {
        let keys = call.arguments?["keys"]?.string ?? ""
        guard (1...32).contains(keys.count), keys.allSatisfy(FlowEngine.pressable.contains) else {
            context.add(
                result: Self.failure("invalidArguments", "`keys` is up to 32 of 0-9, A-D, * and #"), of: call.id)
            return
        }
        if let objection = guardian.objection(to: call) { return refuse(call, objection) }
        let result = #"{"pressed":true}"#
        guardian.note(call, result: result)
        context.add(result: result, of: call.id)
        outputs.yield(.press(keys))
    }

    /// The author's policy; a tool that the author did not name is treated as if it could do any harm.
    func policy(of tool: String) -> ToolPolicy {
        agent.policies[tool] ?? ToolPolicy(risk: tool == ColleagueTool.name ? .reversible : .irreversible)
    }

    func nextInvocation(_ tool: String, _ arguments: JSONValue) -> ToolInvocation {
        invocations += 1
        return ToolInvocation(id: "t\(invocations)", name: tool, arguments: arguments)
    }

    func refuse(_ call: ModelToolCall, _ reason: String) {
        environment.counters.actRefused()
        context.add(result: Self.failure("refused", reason), of: call.id)
    }

    /// Leaves an act to a person.
    private func file(
        _ call: ModelToolCall, _ arguments: JSONValue, key: String, policy: ToolPolicy, reason: String,
        _ outputs: Outputs
    ) async {
        guard let reviews = environment.reviews else {
            return refuse(call, "\(reason), and there is nobody to ask; do not do it, and say so")
        }
        let invocation = nextInvocation(call.name, arguments)
        let shown = runner.forRecord(invocation)
        outputs.yield(.toolStarted(shown))
        let request = ReviewRequest(
            idempotencyKey: key, call: self.call, agent: agent.name, agentVersion: agent.version, tool: call.name,
            arguments: arguments, reason: reason, expiry: policy.reviewExpiry)
        let error: ToolError
        do {
            let ticket = try await reviews.file(request)
            environment.counters.reviewFiled()
            error = ToolError(
                .awaitsApproval, tool: call.name,
                detail:
                    "not done: a person must approve it, and it is filed as review \(ticket.id); say no more than that")
        } catch let fault {
            error = ToolError(.unavailable, tool: call.name, detail: "it could not be filed for approval: \(fault)")
        }
        outputs.yield(.toolFinished(shown, .failure(error)))
        let result = Self.failure(error.code.rawValue, error.detail)
        guardian.note(call, result: result)
        context.add(result: result, of: call.id)
    }

    /// Tells an act from every other one of the call.
    func key(of call: ModelToolCall) -> String { "\(self.call.callID)/\(turn)/\(call.name)" + keySuffix(call) }

    /// What is asked for, whenever it is.
    static func act(_ call: ModelToolCall) -> String { "\(call.name):\(call.arguments?.text ?? "")" }

    /// Different acts of one tool in one turn have different keys; the same act has the same one.
    private func keySuffix(_ call: ModelToolCall) -> String {
        let act = call.arguments?.text ?? ""
        if environment.mayBeginAnew {
            var hash = ContentHash()
            hash.add(act.utf8)
            return "#\(hash.hexadecimal)"
        }
        if callsInTurn.turn != turn { callsInTurn = (turn, [:]) }
        var acts = callsInTurn.acts[call.name] ?? []
        let index = acts.firstIndex(of: act) ?? acts.count
        if index == acts.count { acts.append(act) }
        callsInTurn.acts[call.name] = acts
        return index == 0 ? "" : "#\(index + 1)"
    }

    static func failure(_ code: String, _ detail: String) -> String {
        JSONValue.object(["error": .string(code), "detail": .string(detail)]).text
    }

    /// A tool may answer more than a model should read.
    static func capped(_ result: String) -> String {
        let limit = 16 * 1024
        return result.utf8.count <= limit ? result : String(result.prefix(limit)) + " … (cut)"
    }
}
