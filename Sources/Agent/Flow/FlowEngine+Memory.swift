/// Going on with a conversation that was begun in another process.
extension FlowEngine {
    /// Lives once more through what has happened. No tool is called: those that were have told what came of it.
    ///
    /// A call that was over by then is not: whoever is on the line again stands where the flow last waited for them.
    package mutating func recall(_ history: [RememberedEvent], today: CivilDate) {
        var open = self
        for (index, (input, consequences)) in RememberedEvent.exchanges(in: history).enumerated() {
            // A second beginning was the caller's coming back to a node that is no more, either.
            isRecalled = index > 0
            if case .callStarted(let facts) = input { call.callID = facts.callID }
            let acts = live(through: input, consequences, today: today)
            // What was done in the same breath is not forgotten: should it be asked for again, it is the same act.
            if hasEnded { open.keys.merge(acts) { $1 } } else { open = self }
        }
        self = open
        isRecalled = true
    }

    /// - Returns: act → its key, of those that were done or may have been.
    private mutating func live(
        through input: DialogueInput, _ consequences: [RememberedEvent], today: CivilDate
    ) -> [String: String] {
        var acts: [String: String] = [:]
        var calls: [(name: String, outcome: ToolOutcome?, isAbandoned: Bool)] = []
        var isAbandoned = false
        for event in consequences {
            switch event {
            case .abandoned: isAbandoned = true
            case .tool(let invocation, let outcome): calls.append((invocation.name, outcome, isAbandoned))
            case .input, .said, .tookOver, .heard: break
            }
        }
        var steps = handle(FlowEvent(input), today: today)
        while case .call(let invocation, _)? = steps.last, case .tool(let pending) = waiting {
            guard let index = calls.firstIndex(where: { $0.name == invocation.name }) else {
                // Of a reply that nobody gave up the call was made, and its note went down with the node.
                if isAbandoned { abandonCall() } else { leaveCallOpen() }
                break
            }
            let call = calls.remove(at: index)
            if agent.policies[invocation.name]?.risk != .read, call.outcome.map(Self.mayBeDone) ?? true {
                acts[pending.act] = pending.key
            }
            guard let outcome = call.outcome else {
                leaveCallOpen()
                break
            }
            guard !call.isAbandoned else {
                record(id: invocation.id, outcome)
                break
            }
            steps = handle(.toolFinished(id: invocation.id, outcome), today: today)
        }
        for case .heard(let heard) in consequences { cut(toHeard: heard) }
        return acts
    }

    private static func mayBeDone(_ outcome: ToolOutcome) -> Bool {
        switch outcome {
        case .result: true
        case .failure(let error): error.code == .deadlineExceeded
        }
    }

    /// Nobody knows what became of the call that was under way. What the caller had agreed to is asked again, and the act,
    /// should they want it still, is the same one: it keeps its key, and is not done twice.
    private mutating func leaveCallOpen() {
        guard case .tool = waiting else { return }
        waiting = .nothing
        frame.confirmed = []
    }

    /// The caller is back on the line: says so, and goes on where they were cut off.
    mutating func resume() {
        isRecalled = false
        misses = 0
        // The turns of the new call are counted from its beginning: what is done now is not of the turn that will have the number
        // of the last one.
        turn = 0
        callsInTurn = [:]
        say(agent.cutOffSentence)
        // Who is cut off twice hears once that they were.
        repeatable.removeAll { $0 == agent.cutOffSentence }
        if frames.isEmpty {
            say(agent.greeting)
            frames = [Frame(state: flow.start)]
            run()
        } else if question == nil, wish == nil {
            run()
        } else {
            repeatLast()
        }
    }
}
