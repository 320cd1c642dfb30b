import Logging

/// A conversation that a language model leads: call the model, speak what it says, run the tools it selects, return
/// their results, repeat.
package actor ModelDialogue: Dialogue {
    package nonisolated let language = DialogueLanguage()

    let agent: AgentDefinition
    let settings: ModelSettings
    var call: CallFacts
    let model: (any LanguageModel)?
    var runner: ToolRunner
    let environment: DialogueEnvironment
    let verifier: VerifyCallerTool?
    let waiting: ToolWaiting
    private let turns = TurnQueue()

    var context = ChatContext()
    var guardian = LoopGuard()
    /// What is known in this turn, for acts that need evidence.
    var gate: ActGate
    /// The acting tools that succeeded in this call.
    var done: Set<String> = []
    /// What the agent may state.
    var grounds: Grounds
    /// Answers of this turn that were held back for what they stated.
    private var groundingTries = 0
    var turn = 0
    var invocations = 0
    var failures = 0
    var misses = 0
    var path: EscalationPath
    var hasEnded = false
    var whispers = Whispers()
    /// Of colleagues who were asked while the conversation went on.
    var background = BackgroundAnswers()
    /// The answer to what the caller has probably said.
    var prepared: PreparedReply?
    /// What was asked for ahead of the end of the caller's turn of that number.
    var preparations: (turn: Int, count: Int) = (0, 0)
    var isAnswering = false
    var isSummingUp = false
    /// It knows what was said in another process, and the caller is about to be told that they are back.
    var isRecalled = false
    /// Its last answer there, whether or not it was heard; nil where none was given.
    var lastSaid: String?
    /// Acts of which nobody knows what came of them → their keys.
    var openActs: [String: String] = [:]
    /// Those of a call that was cut off, whose arguments are not known whole.
    var maskedActs: [MaskedAct] = []
    /// Tool → the acts it was called for in that turn.
    var callsInTurn: (turn: Int, acts: [String: [String]]) = (0, [:])

    typealias Outputs = TurnQueue.Outputs

    init(
        agent: AgentDefinition, settings: ModelSettings, call: CallFacts, tools: [any Tool],
        environment: DialogueEnvironment, verifier: VerifyCallerTool? = nil
    ) {
        self.verifier = verifier
        waiting = ToolWaiting(agent.toolWait)
        self.agent = agent
        self.settings = settings
        self.call = call
        self.environment = environment
        grounds = settings.grounds
        path = EscalationPath(agent.escalation)
        model = environment.model(settings)
        runner = ToolRunner(tools: tools, call: call, clock: environment.clock)
        gate = ActGate(
            callerText: "", confidence: 1, heard: "", thresholds: agent.thresholds, hasCaller: environment.hasCaller,
            language: agent.spokenLanguage)
        if model == nil {
            environment.logger.error(
                "The agent's model provider is not configured",
                metadata: ["agent.name": "\(agent.name)", "provider": "\(settings.provider)"])
        }
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: an answer's size, and the answers of a turn, are.
        turns.reply { [self] in await answer(input, $0) }
    }

    package func cutLastReply(toHeard heard: String) {
        context.cutReply(toHeard: ToolWait.removing(waiting.filler, from: heard))
    }

    package func continueCall(as id: String, traceparent: String?) {
        call.callID = id
        call.traceparent = traceparent
        runner.call = call
    }

    package var takesWhispers: Bool { true }

    /// Waits for the caller's next turn: between a call of a tool and its result nothing may stand.
    package func whisper(_ text: String) { whispers.add(text) }

    private func answer(_ input: DialogueInput, _ outputs: Outputs) async {
        if case .notReached = input { hasEnded = false }
        guard !hasEnded else { return }
        isAnswering = true
        waiting.beginReply()
        defer {
            isAnswering = false
            forgetPrepared()
            tidyUp()
        }
        switch input {
        case .callStarted where isRecalled: await resume(outputs)
        case .callStarted:
            addFacts()
            context.add(assistant: agent.greeting, calls: [])
            say(agent.greeting, outputs)
            model?.prepare(request(forbidsTools: false))
        case .callerSaid(let caller):
            turn = caller.number
            // Where the model hears the turn itself, whether it was understood is the model's to say.
            let isUnderstood = caller.isWordless || caller.confidence >= agent.thresholds.reaskBelow
            outputs.yield(
                .understood(
                    Understanding(
                        intent: isUnderstood ? "free" : IntentClassifier.none, entities: [:],
                        confidence: caller.confidence)))
            guard isUnderstood else {
                miss(outputs)
                break
            }
            misses = 0
            await lead(caller.text, confidence: caller.confidence, outputs)
        case .keysPressed(let keys): await lead(Self.pressed(keys), confidence: 1, outputs)
        case .callerNotUnderstood: miss(outputs)
        // What somebody has found out meanwhile is better than a question.
        case .callerSilent where background.hasArrived:
            await lead("[The caller says nothing.]", confidence: 1, outputs)
        case .callerSilent(let count): breakSilence(count, outputs)
        case .notReached(let reason): comeBack(reason, outputs)
        }
        if !hasEnded { outputs.yield(.expect(Expectation(kind: .open, context: "open"))) }
    }

    /// How the model is told of keys.
    static func pressed(_ keys: String) -> String { "[The caller pressed the keys \(keys)]" }

    /// The loop.
    func lead(_ text: String, confidence: Double, _ outputs: Outputs) async {
        (gate.callerText, gate.confidence, gate.heard) = (text, confidence, context.lastReply)
        for whisper in whispers.take() {
            context.add(facts: whisper)
            ground(whisper)
        }
        context.add(user: text)
        ground(text)
        groundingTries = 0
        guardian.beginTurn()
        for step in 1...settings.stepBudget {
            guard !Task.isCancelled, !hasEnded else { break }
            tellAnswers(outputs)
            // The last step must be an answer.
            let isLast = step == settings.stepBudget
            let isBeforeWords = step == 1 && text.isEmpty
            let generation = await generate(forbidsTools: isLast, isBeforeWords: isBeforeWords, outputs)
            // What was not spoken is not so: the call may make it so, and the next answer tells.
            environment.counters.statementsFlagged(generation.flagged)
            if let heard = generation.heard { take(heard.words, confidence: heard.confidence) }
            let calls = generation.held.isEmpty ? generation.calls : generation.calls.filter { !isTerminal($0) }
            context.add(assistant: generation.text, calls: calls)
            if let error = generation.error {
                fail(error, outputs)
                break
            }
            failures = 0
            if !calls.isEmpty {
                await run(calls, outputs)
                // What a menu makes of a key comes over the line.
                if isOnPlacedLine, calls.allSatisfy({ $0.name == Self.pressKeys.name }) { break }
            } else if generation.held.isEmpty {
                break
            } else if let statement = generation.statement {
                guard await rephrase(generation.held, stating: statement, isLast: isLast, outputs) else { break }
            } else {
                correct(generation.held, isLast: isLast, outputs)
            }
        }
        context.closeOpenCalls()
    }

    /// What the caller said, which the model had heard before it was written down: from here on as if it had been known.
    private func take(_ words: String, confidence: Double) {
        (gate.callerText, gate.confidence) = (words, confidence)
        context.heard(words)
        ground(words)
    }

    /// Takes back what the model wanted to say although no tool did it.
    private func correct(_ held: [String], isLast: Bool, _ outputs: Outputs) {
        environment.counters.promiseHeldBack()
        environment.logger.warning(
            "A promise that no tool kept was held back",
            metadata: ["agent.name": "\(agent.name)", "call.id": "\(call.callID)"])
        guard isLast else {
            return context.add(
                facts:
                    "Not spoken, because no tool has done it: \"\(held.joined(separator: " "))\" Call the tool that does it, or tell the caller how it really is."
            )
        }
        context.add(assistant: settings.notDone, calls: [])
        say(settings.notDone, outputs)
    }

    /// Takes back what the model wanted to state although nothing supports it.
    ///
    /// - Returns: whether the model is to answer once more.
    private func rephrase(
        _ held: [String], stating statement: String, isLast: Bool, _ outputs: Outputs
    ) async -> Bool {
        environment.counters.statementHeldBack()
        environment.logger.warning(
            "A statement that nothing supports was held back",
            metadata: ["agent.name": "\(agent.name)", "call.id": "\(call.callID)"])
        let sentence = held.joined(separator: " ")
        if settings.grounding.action == .review {
            await fileStatement(sentence, stating: statement)
        } else if !isLast, groundingTries == 0 {
            groundingTries += 1
            context.add(
                facts:
                    "Not spoken: \"\(sentence)\" No tool result, document, fact or word of the caller's supports \"\(statement)\". Say it without that, say that you do not know, or call a tool that tells."
            )
            return true
        }
        context.add(assistant: settings.grounding.instead, calls: [])
        say(settings.grounding.instead, outputs)
        return false
    }

    func request(forbidsTools: Bool) -> ModelRequest {
        ModelRequest(
            model: settings.model, instructions: settings.instructions, messages: context.messages,
            tools: allTools, forbidsTools: forbidsTools, maxTokens: settings.maxTokens,
            temperature: settings.temperature, cacheKey: "\(agent.name)-\(agent.version)",
            firstTokenDeadline: settings.firstTokenDeadline, progressDeadline: settings.progressDeadline)
    }

    /// What may be said to have been done.
    var promises: PromiseCheck {
        PromiseCheck(acting: Set(runner.definitions.filter { $0.risk != .read }.map(\.name)), done: done)
    }

    func end(_ output: DialogueOutput, _ outputs: Outputs) {
        if case .transfer(let destination, _) = output { path.sent(to: destination) }
        outputs.yield(output)
        hasEnded = true
    }

    func facts() -> String {
        let caller = call.callerNumber.isEmpty ? "withheld" : call.callerNumber
        return
            "Today is \(SpokenForms.date(environment.today())), \(environment.today()). The caller's number is \(caller)."
            + (call.parameters["brief"].map { " You take the call over from a colleague, who says: \($0)" } ?? "")
            + (environment.hasCaller ? "" : " Nobody is on the line: work the task through and report what you did.")
    }
}
