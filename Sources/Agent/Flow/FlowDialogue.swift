/// Drives a ``FlowEngine``: runs the tools it asks for and streams what it says.
package actor FlowDialogue: Dialogue {
    package nonisolated let language: DialogueLanguage

    private var engine: FlowEngine
    private let runner: ToolRunner
    private let environment: DialogueEnvironment
    private let turns = TurnQueue()

    package init(
        agent: AgentDefinition, flow: Flow, call: CallFacts, tools: [any Tool], environment: DialogueEnvironment
    ) {
        language = flow.language
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
            outputs.yield(.toolStarted(call.invocation))
            let outcome = await runner.run(call.invocation, idempotencyKey: call.key)
            outputs.yield(.toolFinished(call.invocation, outcome))
            guard !Task.isCancelled else {
                engine.record(id: call.invocation.id, outcome)
                return
            }
            steps = engine.handle(.toolFinished(id: call.invocation.id, outcome), today: environment.today())
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
