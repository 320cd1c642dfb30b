import Agent

/// A person is won for the caller, who holds the line meanwhile: agent → hold → person, or back to the agent.
extension Conversation {
    /// The name of a warm transfer among the acts of a call.
    package static let transferAct = "transfer_warm"
    /// As much of what the caller said as the person is told.
    private static let mostSaid = 3

    /// People who are called for one caller; an agent that asks for more is told that nobody is reached.
    static let mostTransfers = 6

    /// Whether the caller holds the line for a person.
    package var isOnHold: Bool { transfer?.isHolding == true }
    /// Whether the lines are joined and the person's voice has not come over yet.
    package var awaitsPersonsVoice: Bool { transfer?.stage == .confirming }

    /// Whether the agent speaks to caller and person at once, who are joined.
    package var isIntroducing: Bool { transfer?.stage == .introducing }

    /// Keeps what the caller said, as far as a person might be told it.
    mutating func rememberSaid(_ actions: [ConversationAction]) {
        guard settings.asksPeople else { return }
        for case .note(let note) in actions {
            switch note {
            case .callerTurn(let turn), .callerWords(let turn):
                guard !turn.text.isEmpty, !turn.isOutOfTask else { continue }
                lastSaid.append(turn.text)
                if lastSaid.count > Self.mostSaid { lastSaid.removeFirst() }
            default: break
            }
        }
    }

    /// The caller holds the line from here on.
    mutating func beginTransfer(
        _ plan: WarmTransfer, to destination: String, _ reason: String, at position: Int,
        _ actions: inout [ConversationAction]
    ) {
        phase = .open
        deadlines[.ending] = nil
        transfers += 1
        transferStart = position
        transfer = TransferSaga(plan, reason: reason, language: settings.spokenLanguage, at: position)
        let arguments: JSONValue = [
            "destination": .string(destination), "reason": .string(reason),
            "said": .array(lastSaid.map { .string($0) }),
        ]
        actions.append(
            .note(
                .toolStarted(
                    turn: turn, ToolCall(id: transferID, name: Self.transferAct, arguments: arguments.text))))
        transferArguments = arguments.text
        armTransfer()
        awaitCallerIfIdle(at: position)
        actions.append(
            .callPerson(
                PersonRequest(
                    destination: destination, reason: reason, said: lastSaid, plan: plan, agent: speaker)))
    }

    mutating func person(_ event: PersonEvent, at position: Int, _ actions: inout [ConversationAction]) {
        guard let acts = transfer?.handle(event, at: position) else { return }
        perform(acts, at: position, &actions)
    }

    mutating func transferDue(at position: Int, _ actions: inout [ConversationAction]) {
        let wasIntroducing = isIntroducing
        guard let acts = transfer?.due(at: position) else { return }
        // It took too long.
        if wasIntroducing { interruptReply(at: position, &actions) }
        perform(acts, at: position, &actions)
    }

    /// The person, if there is one, is needed no more.
    mutating func cancelTransfer(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard let acts = transfer?.cancel(reason, at: position) else { return }
        perform(acts, at: position, &actions)
        closeTransfer(reason, at: position, &actions)
    }

    private mutating func perform(
        _ acts: [TransferSaga.Act], at position: Int, _ actions: inout [ConversationAction]
    ) {
        armTransfer()
        for act in acts {
            switch act {
            case .comfort(let words): comfort(words, at: position, &actions)
            case .join: join(at: position, &actions)
            case .introduce: introduce(at: position, &actions)
            case .confirm: recordTransfer(reason: nil, at: position, &actions)
            case .endPerson(let reason): actions.append(.endPerson(reason: reason))
            case .giveBack(let reason): giveBack(reason, at: position, &actions)
            case .finish(let reason):
                closeTransfer(reason, at: position, &actions)
                releaseOperator(reason, &actions)
                cancelRecognition(&actions)
                hangUp("transferred; \(reason)", at: position, &actions)
            }
        }
    }

    private mutating func comfort(_ words: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, reply == nil, caller == .silent, !isMuted else { return }
        beginOwnReply(at: position)
        speak(words, at: position, &actions)
    }

    /// The person speaks to the caller in the agent's place.
    private mutating func join(at position: Int, _ actions: inout [ConversationAction]) {
        interruptReply(at: position, &actions)
        // Two who talk with each other are asked nothing by the agent.
        expectation.isWithheld = false
        isTakenOver = true
        saidMeanwhile = []
        generation += 1
        armTakeover(at: position)
        actions.append(.connectOperator(generation: generation))
    }

    /// The agent's last words, to both. Who has told it to be silent wants none.
    private mutating func introduce(at position: Int, _ actions: inout [ConversationAction]) {
        guard let words = transfer?.introduction, !isMuted else { return introduced(at: position, &actions) }
        beginOwnReply(at: position)
        speak(words, at: position, &actions)
    }

    /// The introduction was heard, or cannot be said.
    mutating func introduced(at position: Int, _ actions: inout [ConversationAction]) {
        guard let acts = transfer?.introduced(at: position) else { return }
        perform(acts, at: position, &actions)
    }

    /// The agent tells the caller how it really is, and goes on with them.
    private mutating func giveBack(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        actions.append(.note(.incident(kind: "transfer", detail: reason)))
        closeTransfer(reason, at: position, &actions)
        releaseOperator(reason, &actions)
        guard phase == .open else { return }
        interruptReply(at: position, &actions)
        cancelRecognition(&actions)
        silences = 0
        // They may have talked with each other before the line broke.
        if !saidMeanwhile.isEmpty {
            actions.append(.whisper(Self.recollection + saidMeanwhile.joined(separator: " ")))
            saidMeanwhile = []
        }
        startReply(.notReached(reason: reason), at: position, &actions)
        reply?.isAfterFailedTransfer = true
    }

    private mutating func closeTransfer(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        if transfer?.outcome != .joined { recordTransfer(reason: reason, at: position, &actions) }
        transfer = nil
        deadlines[.transfer] = nil
    }

    private mutating func recordTransfer(
        reason: String?, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard let saga = transfer, let outcome = saga.outcome else { return }
        var record: [String: JSONValue] = [
            "outcome": .string(outcome.rawValue), "held_ms": .integer((position - transferStart) / 8),
            "steps": .object(
                Dictionary(
                    saga.steps.map { ($0.stage.rawValue, .integer(($0.at - transferStart) / 8)) },
                    uniquingKeysWith: { first, _ in first })),
        ]
        if let reason { record["reason"] = .string(reason) }
        if let call = saga.personCall { record["person_call"] = .string(call) }
        actions.append(
            .note(
                .toolFinished(
                    turn: turn,
                    ToolCall(
                        id: transferID, name: Self.transferAct, arguments: transferArguments,
                        outcome: JSONValue.object(record).text, failed: outcome != .joined))))
        actions.append(.note(.transferred(outcome)))
    }

    private var transferID: String { "transfer-\(transfers)" }

    private mutating func armTransfer() { deadlines[.transfer] = transfer?.deadline }

    // MARK: The person's side

    /// The person has agreed, and the line of the caller is joined with theirs.
    mutating func joined(at position: Int, _ actions: inout [ConversationAction]) {
        guard isHandingOn, case .ending = phase else { return }
        isHandingOn = false
        isJoined = true
        phase = .open
        deadlines[.ending] = nil
        join(at: position, &actions)
    }

    /// The caller has gone: whoever was called for them hears so.
    mutating func parted(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        switch phase {
        case .open, .ending: break
        case .waitingForMedia, .ended: return
        }
        // Who is about to be hung up on has heard enough.
        if case .ending = phase, !isHandingOn { return }
        isJoined = false
        isHandingOn = false
        releaseOperator(reason, &actions)
        guard isConversing, let gone = settings.callerGone else { return hangUp(reason, at: position, &actions) }
        interruptReply(at: position, &actions)
        phase = .open
        beginOwnReply(at: position)
        beginEnding(.hangUp(reason: reason), reason: reason, at: position, &actions)
        speak(gone, at: position, &actions)
    }
}
