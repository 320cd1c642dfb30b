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
            callerText: "", confidence: 1, heard: "", thresholds: agent.thresholds, hasCaller: environment.hasCaller)
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
                if self.call.isPlaced, calls.allSatisfy({ $0.name == Self.pressKeys.name }) { break }
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
            tools: ownTools + runner.definitions, forbidsTools: forbidsTools, maxTokens: settings.maxTokens,
            temperature: settings.temperature, cacheKey: "\(agent.name)-\(agent.version)",
            firstTokenDeadline: settings.firstTokenDeadline, progressDeadline: settings.progressDeadline)
    }

    /// What may be said to have been done.
    var promises: PromiseCheck {
        PromiseCheck(acting: Set(runner.definitions.filter { $0.risk != .read }.map(\.name)), done: done)
    }

    private struct Generation: Sendable {
        var text = ""
        var calls: [ModelToolCall] = []
        /// What was not spoken, from the first sentence on that claims what is not so.
        var held: [String] = []
        /// Statements that nothing supports, spoken or not.
        var flagged = 0
        /// Whether it was longer than it may be.
        var isCut = false
        /// What its first sentence states that nothing supports, if that is why it was held.
        var statement: String?
        /// What the caller had said, where the model told.
        var heard: (words: String, confidence: Double)?
        var error: ModelError?
    }

    /// One answer of the model, spoken while it is generated, with deadlines on its progress.
    ///
    /// - Parameter isBeforeWords: what the caller said becomes known while it answers.
    private func generate(
        forbidsTools: Bool, isBeforeWords: Bool, _ outputs: Outputs
    ) async -> Generation {
        guard let model else {
            let error = ModelError(
                .notFound, provider: settings.provider,
                detail: "the configuration has no provider of that name; add providers.\(settings.provider)")
            return Generation(error: error)
        }
        let request = request(forbidsTools: forbidsTools)
        let events = takePrepared(for: request) ?? model.answer(request)
        let (promises, grounding) = (promises, grounding(isBeforeWords: isBeforeWords))
        let progress = ProgressCounter()
        let longest = settings.maxTokens * Self.bytesPerToken
        let (clock, first, later) = (environment.clock, settings.firstTokenDeadline, settings.progressDeadline)
        let generation: Generation = await withTaskGroup(of: Generation?.self) { group in
            group.addTask { await Self.consume(events, upTo: longest, promises, grounding, progress, outputs) }
            group.addTask {
                var seen = 0
                while (try? await clock.sleep(for: seen == 0 ? first : later)) != nil {
                    let current = progress.count
                    // Nothing new since the last look: the answer hangs.
                    if current == seen { return nil }
                    seen = current
                }
                return nil
            }
            // Whoever is first, the answer or its deadline, ends the other. A cancelled answer still tells what it said.
            let winner = await group.next() ?? nil
            group.cancelAll()
            if let winner { return winner }
            var late = (await group.next() ?? nil) ?? Generation()
            late.calls = []
            late.error = ModelError(.deadlineExceeded, provider: settings.provider, detail: "no progress in time")
            return late
        }
        if generation.isCut {
            environment.logger.warning(
                "An answer was cut that was longer than its model may speak",
                metadata: ["agent.name": "\(agent.name)", "call.id": "\(call.callID)", "bytes": "\(longest)"])
        }
        return generation
    }

    /// More than any language needs for a token, on average.
    private static let bytesPerToken = 8

    /// - Parameter longest: bytes of text after which a model that keeps to no limit is not listened to any more.
    private static func consume(
        _ events: AsyncThrowingStream<ModelEvent, any Error>, upTo longest: Int, _ promises: PromiseCheck,
        _ grounding: GroundingCheck?, _ progress: ProgressCounter, _ outputs: Outputs
    ) async -> Generation {
        var generation = Generation()
        var grounding = grounding
        var splitter = ClauseSplitter()
        var spoken: [String] = []
        func speak(_ clauses: [String]) {
            for clause in clauses {
                guard generation.held.isEmpty, promises.unsupportedClaim(in: clause) == nil else {
                    generation.held.append(clause)
                    continue
                }
                if let grounding, let statement = grounding.unsupportedStatement(in: clause) {
                    generation.flagged += 1
                    outputs.yield(.flagged(statement: statement, isHeld: grounding.holdsBack))
                    if grounding.holdsBack {
                        generation.statement = statement
                        generation.held.append(clause)
                        continue
                    }
                }
                outputs.yield(.say(clause))
                spoken.append(clause)
            }
        }
        do {
            for try await event in events {
                progress.advance()
                generation.isCut = generation.text.utf8.count > longest
                if generation.isCut { break }
                switch event {
                case .text(let text):
                    generation.text += text
                    speak(splitter.push(text))
                case .heard(let words, let confidence):
                    generation.heard = (words, confidence)
                    grounding?.hear(words)
                case .toolCall(let call): generation.calls.append(call)
                case .finished: break
                }
            }
            if !Task.isCancelled, !generation.isCut { speak(splitter.flush()) }
            if generation.isCut, spoken.isEmpty, generation.held.isEmpty {
                throw ModelError(.protocolViolation, provider: "", detail: "an answer without an end had no word in it")
            }
            while generation.text.last?.isNewline == true { generation.text.removeLast() }
        } catch let error as ModelError {
            generation.error = error
        } catch {
            generation.error = ModelError(.protocolViolation, provider: "", detail: "\(error)")
        }
        if !generation.held.isEmpty || generation.isCut { generation.text = spoken.joined(separator: " ") }
        // Half a clause was never spoken, and the calls of a broken answer are not made.
        if generation.error != nil || Task.isCancelled {
            generation.text = spoken.joined(separator: " ")
            generation.calls = []
        }
        return generation
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
