/// How a connection begins and ends.
extension RealtimeConversation {
    mutating func opened() -> [Action] {
        isConnected = true
        guard !dialect.isBriefedAtSetup || configured.instructions != nil else { return [] }
        return setUp()
    }

    /// What the agent is and what has been said are known, ahead of the first question.
    mutating func prepare(_ question: RealtimeQuestion) -> [Action] {
        guard dialect.isBriefedAtSetup, !isSetUp, configured.instructions == nil else { return [] }
        configured = (question.instructions, question.tools)
        messages = question.messages
        return setUp()
    }

    /// Whether the vendor waits to be told what the connection is for.
    var needsSetUp: Bool { isConnected && !isSetUp }

    /// The caller speaks, and what they say must go somewhere.
    mutating func setUp() -> [Action] {
        guard needsSetUp else { return [] }
        isSetUp = true
        var told: [RealtimeMessage] = []
        if dialect.isBriefedAtSetup, kept == nil {
            // What waits to be answered is asked.
            told = waiting?.question.messages ?? messages
            if waiting != nil, let last = told.lastIndex(where: \.isCallers) { told = Array(told[..<last]) }
            history.brief(told)
        }
        let setup = dialect.setUp(instructions: configured.instructions, tools: configured.tools, told: told)
        return setup.messages.map(Action.send) + (setup.isAwaited ? [] : ready())
    }

    mutating func ready() -> [Action] {
        guard isConnected, !isOpen else { return [] }
        isOpen = true
        return [.ready] + goOn()
    }

    /// Whether the connection under way would go on with what the vendor knew of the one before.
    var isResuming: Bool { isSetUp && !isOpen && kept != nil }

    /// The connection is gone, and what the vendor knew with it.
    mutating func disconnected(_ error: SpeechError) -> [Action] {
        dialect.disconnected(wasReady: isOpen)
        (isConnected, isSetUp, isOpen, isRenewalDue) = (false, false, false, false)
        var actions: [Action] = []
        if let response, response.cancelledAt == nil { actions.append(.failed(response.question, error)) }
        response = nil
        // What has come of a sentence is still spoken.
        for index in items.indices { items[index].forget() }
        for utterance in history.utterances where utterance.words == nil && !unwanted.contains(utterance.id) {
            actions.append(.recognized(.failed(utterance.id, error)))
        }
        unwanted = []
        if dialect.canResume, let kept {
            history.resume(kept)
        } else {
            (kept, heardOfCut) = (nil, nil)
            history.forget()
        }
        if !error.isRetryable, let waiting {
            self.waiting = nil
            actions.append(.failed(waiting.id, error))
        }
        return actions
    }
}
