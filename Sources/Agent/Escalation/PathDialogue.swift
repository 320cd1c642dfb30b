import Foundation

/// An agent's dialogue and, where it cannot help, the steps of its escalation path that talk with the caller themselves.
///
/// A transfer to `escalation:N` stays inside; every other one leaves the conversation, and comes back as
/// ``DialogueInput/notReached(reason:)`` when nobody could be reached.
package actor PathDialogue: Dialogue {
    /// The tools that the steps use, whether or not the agent has them too.
    enum ToolName {
        static let callback = "callback_schedule"
        static let message = "voicemail_take"
        static let place = "queue_place"
        static let leave = "queue_leave"
        static let all: Set<String> = [callback, message, place, leave]
    }

    package nonisolated let language: DialogueLanguage
    private let agent: any Dialogue
    private let steps: [EscalationStep]
    /// The agent's.
    private let spoken: SpokenLanguage
    private var call: CallFacts
    private var runner: ToolRunner
    /// Keeps the caller's place in a line, whatever call they come back on.
    private let caller: String
    private let environment: DialogueEnvironment
    private let turns = TurnQueue()
    private var talk: (any EscalationTalk)?
    /// Whose words the last reply was.
    private var spokeItself = false
    private var invocations = 0
    /// What came of an act while its reply was being interrupted: the next answer begins with it.
    private var pending: [TalkEvent] = []

    private typealias Outputs = TurnQueue.Outputs

    init(
        _ agent: any Dialogue, steps: [EscalationStep], in spoken: SpokenLanguage, call: CallFacts, tools: [any Tool],
        environment: DialogueEnvironment
    ) {
        self.agent = agent
        self.steps = steps
        self.spoken = spoken
        self.call = call
        caller = call.callID
        self.environment = environment
        language = agent.language
        runner = ToolRunner(
            tools: tools.filter { ToolName.all.contains($0.definition.name) }, call: call, clock: environment.clock)
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: the replies that pass through are, and a step's own are a few sentences.
        turns.reply { [self] in try await answer(input, $0) }
    }

    package func preview(of turn: CallerTurn) async -> ReplyPreview? {
        talk == nil ? await agent.preview(of: turn) : nil
    }

    package func prepare(for turn: CallerTurn) async -> String? {
        talk == nil ? await agent.prepare(for: turn) : nil
    }

    package func forgetPrepared() async { await agent.forgetPrepared() }

    package func cutLastReply(toHeard heard: String) async {
        if !spokeItself { await agent.cutLastReply(toHeard: heard) }
    }

    package func continueCall(as id: String, traceparent: String?) async {
        call.callID = id
        call.traceparent = traceparent
        runner.call = call
        await agent.continueCall(as: id, traceparent: traceparent)
    }

    package func recall(_ history: [RememberedEvent]) async { await agent.recall(history) }

    package var takesWhispers: Bool { get async { await agent.takesWhispers } }

    package func whisper(_ text: String) async { await agent.whisper(text) }

    private func answer(_ input: DialogueInput, _ outputs: Outputs) async throws {
        spokeItself = talk != nil
        guard let event = TalkEvent(input), talk != nil else { return try await pass(input, outputs) }
        var events = pending
        pending = []
        // Nobody answers a step that they have not heard of.
        if events.first != .begun { events.append(event) }
        try await lead(events, outputs)
    }

    /// Lets the agent answer, and begins the step that it asks for.
    private func pass(_ input: DialogueInput, _ outputs: Outputs) async throws {
        var next: (step: EscalationStep, reason: String)?
        for try await output in agent.reply(to: input) {
            if case .transfer(let destination, let reason) = output,
                let step = EscalationPath.step(destination, of: steps)
            {
                next = (step, reason)
            } else {
                outputs.yield(output)
            }
        }
        guard let next else { return }
        talk = talk(for: next.step, reason: next.reason)
        spokeItself = true
        guard !Task.isCancelled else { return pending = [.begun] }
        try await lead([.begun], outputs)
    }

    private func talk(for step: EscalationStep, reason: String) -> (any EscalationTalk)? {
        switch step {
        case .queue(let step): QueueTalk(step, language: spoken)
        case .callback(let step):
            CallbackTalk(
                step, callerNumber: call.callerNumber, reason: reason, today: environment.today(), language: spoken)
        case .voicemail(let step): MessageTalk(step, reason: reason)
        case .transfer, .state, .hangUp: nil
        }
    }

    /// Carries events to the step's conversation and does what it says.
    ///
    /// An act goes on when its reply is interrupted, and nobody hears that reply any more: then what came of it waits.
    private func lead(_ first: [TalkEvent], _ outputs: Outputs) async throws {
        var events = first
        while !events.isEmpty {
            let event = events.removeFirst()
            var outcome: TalkEvent?
            for action in talk?.handle(event, at: now) ?? [] {
                switch action {
                case .say(let text): for sentence in Sentences.split(text) { outputs.yield(.say(sentence)) }
                case .expect(let expectation): outputs.yield(.expect(expectation))
                case .look(let destination): outcome = .place(await place(in: destination, outputs))
                case .leaveLine(let destination):
                    _ = await use(
                        ToolName.leave, ["destination": .string(destination), "caller": .string(caller)], outputs)
                case .transfer(let destination):
                    _ = await use(
                        ToolName.place,
                        ["destination": .string(destination), "caller": .string(caller), "goes": true], outputs)
                    outputs.yield(
                        .transfer(destination: destination, reason: UsualSentence.reasonTurn.text(in: .english)))
                    return
                case .promise(let wish): outcome = TalkEvent(await use(ToolName.callback, wish, outputs))
                case .keep(let message): outcome = TalkEvent(await use(ToolName.message, message, outputs))
                case .hangUp(let reason):
                    if case .terminated = outputs.yield(.hangUp(reason: reason)) { return pending = [event] }
                    talk = nil
                    return
                case .fail(let reason):
                    // The agent's next step would be taken, and heard by nobody.
                    guard !Task.isCancelled else { return pending = [event] }
                    talk = nil
                    return try await pass(.notReached(reason: reason), outputs)
                }
            }
            guard let outcome else { continue }
            guard !Task.isCancelled else { return pending = [outcome] + events }
            events.insert(outcome, at: 0)
        }
    }

    private var now: Duration { .seconds(environment.now().timeIntervalSince1970) }

    /// Nil where nobody keeps a line: then every caller is the first.
    private func place(in destination: String, _ outputs: Outputs) async -> QueuePlace? {
        let outcome = await use(
            ToolName.place, ["destination": .string(destination), "caller": .string(caller)], outputs)
        guard case .result(let answer)? = outcome, let position = answer["position"]?.integer else { return nil }
        return QueuePlace(position: position, wait: answer["wait_seconds"]?.integer.map { .seconds($0) })
    }

    /// Runs one of the path's tools; nil where the service has none of that name.
    private func use(_ name: String, _ arguments: JSONValue, _ outputs: Outputs) async -> ToolOutcome? {
        guard runner.definitions.contains(where: { $0.name == name }) else { return nil }
        invocations += 1
        let invocation = ToolInvocation(id: "e\(invocations)", name: name, arguments: arguments)
        let shown = runner.forRecord(invocation)
        outputs.yield(.toolStarted(shown))
        let outcome = await runner.run(
            invocation, idempotencyKey: "\(call.callID)/escalation/\(name)#\(invocations)")
        outputs.yield(.toolFinished(shown, outcome))
        return outcome
    }
}

extension TalkEvent {
    /// Nil for what is no event of such a conversation.
    fileprivate init?(_ input: DialogueInput) {
        switch input {
        case .callStarted: return nil
        case .callerSaid(let turn): self = .said(turn)
        case .callerNotUnderstood: self = .notUnderstood
        case .callerSilent: self = .silent
        case .keysPressed(let keys): self = .keys(keys)
        case .notReached(let reason): self = .notReached(reason: reason)
        }
    }

    fileprivate init(_ outcome: ToolOutcome?) {
        self =
            switch outcome {
            case .result(let answer): .done(answer)
            case .failure(let error): .failed(reason: error.detail)
            case nil: .failed(reason: "this service has nothing to do it with")
            }
    }
}
