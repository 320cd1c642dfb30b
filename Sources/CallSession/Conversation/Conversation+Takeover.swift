import Agent

/// An operator speaks to the caller in the agent's place. The agent goes on listening and answers nobody.
extension Conversation {
    /// Lines of what was said meanwhile that the agent is told afterwards.
    private static let longestRecollection = 20

    /// Whether the agent must not speak by itself.
    var isSilenced: Bool { isMuted || isTakenOver || isOnHold }

    mutating func takeOver(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, !isTakenOver else { return }
        cancelTransfer("a colleague took the call over", at: position, &actions)
        interruptReply(at: position, &actions)
        leaveUnasked(at: position, &actions)
        engageByOperator()
        withholdsAfterTakeover = expectation.isWithheld
        expectation.isWithheld = false
        isTakenOver = true
        saidMeanwhile = []
        // The operator's audio has a number of its own, so that nothing of the agent's is taken for it.
        generation += 1
        armTakeover(at: position)
        actions.append(.connectOperator(generation: generation))
    }

    /// What the agent is told before what was said without it.
    package static let recollection = "A colleague took the call over and has handed it back. Meanwhile was said: "

    /// The agent takes the line back with a sentence, so that the caller knows who speaks.
    mutating func handBack(wasLost: Bool, at position: Int, _ actions: inout [ConversationAction]) {
        guard isTakenOver else { return }
        // Whoever is on a line that was joined with this one did not ask for the agent.
        if transfer != nil { return person(.left(reason: "handed back", wasLost: true), at: position, &actions) }
        if isJoined { return parted("the caller's line broke", at: position, &actions) }
        releaseOperator("handed back", &actions)
        if withholdsAfterTakeover { expectation.isWithheld = true }
        withholdsAfterTakeover = false
        if wasLost {
            actions.append(
                .note(.incident(kind: "takeover", detail: "the operator's connection broke; the agent has the line")))
        }
        guard phase == .open else { return }
        if !saidMeanwhile.isEmpty {
            actions.append(
                .whisper(Self.recollection + saidMeanwhile.joined(separator: " ")))
            saidMeanwhile = []
        }
        guard !isMuted else { return awaitCallerIfIdle(at: position) }
        silences = 0
        beginOwnReply(at: position)
        speak(settings.handBack, at: position, &actions)
    }

    /// Nobody on the line was understood for so long that the operator must have left.
    mutating func takeoverOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard isTakenOver else { return }
        // Two who talk with each other need not be understood; that their lines work is seen by the audio.
        guard transfer == nil, !isJoined else { return armTakeover(at: position) }
        actions.append(
            .note(
                .incident(
                    kind: "takeover",
                    detail: "nobody spoke for \(settings.longestMute) while an operator had the line; the agent has it")
            ))
        handBack(wasLost: false, at: position, &actions)
    }

    /// What the operator said, recognized like a caller's words.
    mutating func operatorSaid(_ words: OperatorWords, at position: Int, _ actions: inout [ConversationAction]) {
        actions.append(.note(.operatorTurn(OperatorTurnRecord(turn: turn, words: words))))
        guard isTakenOver else { return }
        recollect("Colleague", words.text, at: position)
    }

    /// What the caller said while the agent may not answer.
    mutating func leaveUnanswered(_ input: DialogueInput?, at position: Int) {
        guard isTakenOver else { return }
        switch input {
        case .callerSaid(let turn): recollect("Caller", turn.text, at: position)
        case .keysPressed(let keys): recollect("Caller", "[pressed \(keys)]", at: position)
        case .callStarted, .callerNotUnderstood, .callerSilent, .notReached, nil: break
        }
    }

    /// Ends the operator's turn at the line, if it is theirs.
    mutating func releaseOperator(_ reason: String, _ actions: inout [ConversationAction]) {
        guard isTakenOver else { return }
        isTakenOver = false
        deadlines[.takeover] = nil
        actions.append(.disconnectOperator(reason: reason))
    }

    private mutating func recollect(_ speaker: String, _ text: String, at position: Int) {
        saidMeanwhile.append("\(speaker): \"\(text.prefix(200))\"")
        if saidMeanwhile.count > Self.longestRecollection { saidMeanwhile.removeFirst() }
        armTakeover(at: position)
    }

    mutating func armTakeover(at position: Int) {
        deadlines[.takeover] = position + settings.longestMute.samples
    }
}
