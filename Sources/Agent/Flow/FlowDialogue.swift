/// Drives a ``FlowEngine``: runs the tools it asks for and streams what it says.
package actor FlowDialogue: Dialogue {
    package nonisolated let language: DialogueLanguage

    private var engine: FlowEngine
    private let agent: AgentDefinition
    private var call: CallFacts
    private var runner: ToolRunner
    private let environment: DialogueEnvironment
    private let verifier: VerifyCallerTool?
    private let waiting: ToolWaiting
    private let turns = TurnQueue()

    init(
        agent: AgentDefinition, flow: Flow, call: CallFacts, tools: [any Tool], environment: DialogueEnvironment,
        verifier: VerifyCallerTool? = nil
    ) {
        self.verifier = verifier
        waiting = ToolWaiting(agent.toolWait)
        language = flow.language
        self.agent = agent
        self.call = call
        engine = FlowEngine(agent: agent, flow: flow, call: call, today: environment.today())
        runner = ToolRunner(tools: tools, call: call, clock: environment.clock)
        self.environment = environment
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: a reply is bounded by the engine's step budget.
        turns.reply { [self] in await answer(input, into: $0) }
    }

    package func preview(of turn: CallerTurn) -> ReplyPreview? { engine.preview(of: turn, today: environment.today()) }

    package func cutLastReply(toHeard heard: String) {
        engine.cut(toHeard: ToolWait.removing(waiting.filler, from: heard))
    }

    package func continueCall(as id: String, traceparent: String?) {
        call.callID = id
        call.traceparent = traceparent
        runner.call = call
        engine.call = call
    }

    package func recall(_ history: [RememberedEvent]) {
        verifier?.recall(history)
        engine.recall(history, today: environment.today())
    }

    private func answer(
        _ input: DialogueInput, into outputs: AsyncThrowingStream<DialogueOutput, any Error>.Continuation
    ) async {
        let escalations = engine.escalations
        defer { environment.counters.escalated(times: engine.escalations - escalations) }
        waiting.beginReply()
        var steps = engine.handle(FlowEvent(input), today: environment.today())
        while true {
            var call: (invocation: ToolInvocation, key: String)?
            for step in steps {
                switch step {
                case .output(let output): outputs.yield(output)
                case .call(let invocation, let key): call = (invocation, key)
                }
            }
            guard let call else { return }
            guard !Task.isCancelled else {
                engine.abandonCall()
                return
            }
            let shown = runner.forRecord(engine.shown(call.invocation))
            outputs.yield(.toolStarted(shown))
            // What a tool echoes of a secret is no less secret.
            let outcome = await act(call.invocation, key: call.key, outputs).without(engine.secretDigits)
            outputs.yield(.toolFinished(shown, outcome))
            guard !Task.isCancelled else {
                engine.record(id: call.invocation.id, outcome)
                return
            }
            steps = engine.handle(.toolFinished(id: call.invocation.id, outcome), today: environment.today())
        }
    }

    /// Calls a tool, or leaves it to a person where the agent's policy says so.
    private func act(
        _ invocation: ToolInvocation, key: String,
        _ outputs: AsyncThrowingStream<DialogueOutput, any Error>.Continuation
    ) async -> ToolOutcome {
        let policy = agent.policies[invocation.name]
        guard policy?.needsVerified != true || verifier?.isVerified == true else {
            environment.counters.actRefused()
            return .failure(ToolError(.conflict, tool: invocation.name, detail: ActGate.unverified))
        }
        guard let policy, policy.evidence == .approved else {
            return await waiting.run(invocation, idempotencyKey: key, by: runner, outputs)
        }
        guard let reviews = environment.reviews else {
            return .failure(
                ToolError(
                    .unavailable, tool: invocation.name, detail: "it needs a person's approval, and nobody can be asked"
                ))
        }
        do {
            let ticket = try await reviews.file(
                ReviewRequest(
                    idempotencyKey: key, call: call, agent: agent.name, agentVersion: agent.version,
                    tool: invocation.name, arguments: invocation.arguments,
                    reason: "the agent's policy wants a person's approval", expiry: policy.reviewExpiry))
            environment.counters.reviewFiled()
            return .failure(
                ToolError(.awaitsApproval, tool: invocation.name, detail: "filed as review \(ticket.id)"))
        } catch {
            return .failure(
                ToolError(.unavailable, tool: invocation.name, detail: "it could not be filed for approval: \(error)"))
        }
    }
}

extension FlowEvent {
    init(_ input: DialogueInput) {
        self =
            switch input {
            case .callStarted: .started
            case .callerSaid(let turn): .said(turn)
            case .callerNotUnderstood: .notUnderstood
            case .callerSilent(let count): .silent(count: count)
            case .keysPressed(let keys): .keys(keys)
            case .notReached(let reason): .notReached(reason: reason)
            }
    }
}

extension ToolOutcome {
    /// The outcome with these texts taken out of every string and figure in it.
    fileprivate func without(_ secrets: [String]) -> ToolOutcome {
        guard !secrets.isEmpty else { return self }
        switch self {
        case .result(let value): return .result(value.without(secrets))
        case .failure(let error):
            return .failure(
                ToolError(error.code, tool: error.tool, detail: JSONValue.hiding(secrets, in: error.detail)))
        }
    }
}

extension JSONValue {
    fileprivate func without(_ secrets: [String]) -> JSONValue {
        switch self {
        case .object(let members):
            // Two names that become one were both of the secret.
            return .object(
                Dictionary(
                    members.map { (Self.hiding(secrets, in: $0.key), $0.value.without(secrets)) },
                    uniquingKeysWith: { first, _ in first }))
        case .array(let elements): return .array(elements.map { $0.without(secrets) })
        case .string(let text): return .string(Self.hiding(secrets, in: text))
        case .integer(let figure): return Self.isSecret(figure, secrets) ? .string("withheld") : self
        case .number(let figure):
            return Int(exactly: figure).map { Self.isSecret($0, secrets) } == true ? .string("withheld") : self
        case .null, .bool: return self
        }
    }

    /// As a figure, a secret has lost its leading zeros.
    private static func isSecret(_ figure: Int, _ secrets: [String]) -> Bool {
        secrets.contains { Int($0) == figure }
    }

    /// Secrets where they stand by themselves, also in groups ("4111 1111-1111 1111", "05/27"); a card's number also within
    /// more digits.
    fileprivate static func hiding(_ secrets: [String], in text: String) -> String {
        var result: [Character] = []
        // Groups of digits, each with the one separator that may follow it.
        var run: [(digits: String, separator: String)] = []
        func settle() {
            var index = 0
            while index < run.count {
                if let length = secretGroups(in: run[index...].map(\.digits), secrets) {
                    result += "withheld" + run[index + length - 1].separator
                    index += length
                } else {
                    result += run[index].digits + run[index].separator
                    index += 1
                }
            }
            run = []
        }
        var isInGroup = false
        for character in text {
            if character.isNumber {
                if !isInGroup { run.append(("", "")) }
                run[run.count - 1].digits.append(character)
                isInGroup = true
            } else if !run.isEmpty, " -/.".contains(character), run[run.count - 1].separator.count < 3 {
                run[run.count - 1].separator.append(character)
                isInGroup = false
            } else {
                settle()
                isInGroup = false
                result.append(character)
            }
        }
        settle()
        return String(result)
    }

    /// How many groups from the first one on hold a secret; nil when none begins with the first.
    private static func secretGroups(in groups: [String], _ secrets: [String]) -> Int? {
        var digits = ""
        for (index, group) in groups.enumerated() {
            digits += group
            // No secret is longer than a card's number; what precedes it in its first group is withheld with it.
            guard digits.count <= groups[0].count + 19 else { return nil }
            if secrets.contains(where: { $0 == digits || $0.count > 6 && digits.contains($0) }) {
                // A later group that holds it all is found from there.
                return index > 0 && secrets.contains { $0.count > 6 && digits.dropFirst(groups[0].count).contains($0) }
                    ? nil : index + 1
            }
        }
        return nil
    }
}
