/// Drives a ``FlowEngine``: runs the tools it asks for and streams what it says.
package actor FlowDialogue: Dialogue {
    package nonisolated let language: DialogueLanguage

    private var engine: FlowEngine
    private let agent: AgentDefinition
    private let call: CallFacts
    private let runner: ToolRunner
    private let environment: DialogueEnvironment
    private let turns = TurnQueue()

    package init(
        agent: AgentDefinition, flow: Flow, call: CallFacts, tools: [any Tool], environment: DialogueEnvironment
    ) {
        language = flow.language
        self.agent = agent
        self.call = call
        engine = FlowEngine(agent: agent, flow: flow, call: call, today: environment.today())
        runner = ToolRunner(tools: tools, call: call, clock: environment.clock)
        self.environment = environment
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: a reply is bounded by the engine's step budget.
        let (outputs, continuation) = AsyncThrowingStream.makeStream(of: DialogueOutput.self)
        let ticket = turns.takeTicket()
        let task = Task {
            await turns.wait(for: ticket)
            await answer(input, into: continuation)
            await turns.finish(ticket)
            continuation.finish()
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return outputs
    }

    package func preview(of turn: CallerTurn) -> ReplyPreview? { engine.preview(of: turn, today: environment.today()) }

    package func cutLastReply(toHeard heard: String) {
        engine.cut(toHeard: heard)
    }

    private func answer(
        _ input: DialogueInput, into outputs: AsyncThrowingStream<DialogueOutput, any Error>.Continuation
    ) async {
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
            let shown = runner.forRecord(call.invocation)
            outputs.yield(.toolStarted(shown))
            let outcome = await act(call.invocation, key: call.key)
            outputs.yield(.toolFinished(shown, outcome))
            guard !Task.isCancelled else {
                engine.record(id: call.invocation.id, outcome)
                return
            }
            steps = engine.handle(.toolFinished(id: call.invocation.id, outcome), today: environment.today())
        }
    }

    /// Calls a tool, or leaves it to a person where the agent's policy says so.
    private func act(_ invocation: ToolInvocation, key: String) async -> ToolOutcome {
        guard let policy = agent.policies[invocation.name], policy.evidence == .approved else {
            return await runner.run(invocation, idempotencyKey: key)
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
    fileprivate init(_ input: DialogueInput) {
        self =
            switch input {
            case .callStarted: .started
            case .callerSaid(let turn): .said(turn)
            case .callerNotUnderstood: .notUnderstood
            case .callerSilent(let count): .silent(count: count)
            case .keysPressed(let keys): .keys(keys)
            }
    }
}
