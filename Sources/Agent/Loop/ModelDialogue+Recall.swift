/// Going on with a conversation that was begun in another process.
extension ModelDialogue {
    private static let unknown =
        #"{"error":"unknown","detail":"the line broke while it ran; nobody knows whether it was done"}"#
    private static let back =
        "The line broke, and the caller was connected again. They have just been told so. Go on where you were; do not greet again."

    package func recall(_ history: [RememberedEvent]) {
        isRecalled = true
        verifier?.recall(history)
        let apology = Sentences.split(agent.cutOffSentence)
        var said: [String] = []
        func settle() {
            // Who is cut off twice hears once that they were.
            let answer = said.filter { !apology.contains($0) }
            if !answer.isEmpty { lastSaid = answer.joined(separator: " ") }
            context.add(assistant: said.joined(separator: " "), calls: [])
            said = []
        }
        for event in history {
            if case .said(let text) = event {
                said.append(text)
                continue
            }
            settle()
            switch event {
            case .input(let input): recall(input)
            case .tool(let invocation, let outcome): recall(invocation, outcome)
            case .heard(let heard): context.cutReply(toHeard: ToolWait.removing(waiting.filler, from: heard))
            case .said, .tookOver, .abandoned: break
            }
        }
        settle()
    }

    private func recall(_ input: DialogueInput) {
        lastSaid = nil
        switch input {
        // A second beginning was the caller's coming back to a node that is no more, either.
        case .callStarted(let facts):
            call.callID = facts.callID
            turn = 0
            if context.messages.isEmpty { addFacts() }
        case .callerSaid(let caller):
            turn = caller.number
            context.add(user: caller.text)
            ground(caller.text)
        case .keysPressed(let keys): context.add(user: Self.pressed(keys))
        case .notReached(let reason): context.add(facts: Self.notReached(reason))
        case .callerNotUnderstood, .callerSilent: break
        }
    }

    private func recall(_ invocation: ToolInvocation, _ outcome: ToolOutcome?) {
        let call = ModelToolCall(
            id: "before-\(nextInvocation(invocation.name, invocation.arguments).id)", name: invocation.name,
            arguments: invocation.arguments, rawArguments: invocation.arguments.text)
        context.add(assistant: "", calls: [call])
        // What it was called for is still to be said.
        lastSaid = nil
        // Of two that are kept, the same text is the same act; what only fits is another one, and has had a key of its own.
        let before = openActs[Self.act(call)]
        // Acts of a turn are counted, those that were done as well.
        let key = before ?? key(of: call)
        if let outcome { settle(call, outcome, openKey: before) }
        switch outcome {
        case .result(let value):
            if policy(of: invocation.name).risk != .read { done.insert(invocation.name) }
            let result = Self.capped(value.text)
            context.add(result: result, of: call.id)
            ground(result)
        case .failure(let error):
            context.add(result: Self.failure(error.code.rawValue, error.detail), of: call.id)
        case nil:
            context.add(result: Self.unknown, of: call.id)
            // The same act is the same one still, and is not done twice, however often its answer is lost.
            openActs[Self.act(call)] = key
            if let masked = MaskedAct(call, key: key) { maskedActs.append(masked) }
        }
    }

    /// The caller is back on the line: says so, says again what was said last, or gives the answer that was due.
    func resume(_ outputs: Outputs) async {
        isRecalled = false
        // The turns of the new call are counted from its beginning: what is done now is not of the turn that will have the number
        // of the last one.
        turn = 0
        if context.messages.isEmpty { addFacts() }
        let hasSpoken = context.messages.contains { if case .user = $0 { true } else { false } }
        context.add(facts: Self.back)
        context.add(assistant: agent.cutOffSentence, calls: [])
        say(agent.cutOffSentence, outputs)
        guard hasSpoken, lastSaid == nil else {
            let text = lastSaid ?? agent.greeting
            context.add(assistant: text, calls: [])
            return say(text, outputs)
        }
        await lead("[The caller is on the line again and waits for your answer.]", confidence: 1, outputs)
    }

    func addFacts() {
        let facts = facts()
        context.add(facts: facts)
        ground(facts)
    }
}
