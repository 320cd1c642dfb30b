import Agent
import Speech
import Telephony

/// The first seconds of a call that we placed: who has answered? People are greeted as soon as they have said hello.
extension Conversation {
    /// Whether the dialogue has the call. Always so on a call that was taken.
    var isConversing: Bool { (opening?.stage ?? .conversing) == .conversing }

    /// Whether it is still being found out who has answered. Asked for every frame.
    package var isFindingOut: Bool { opening?.isSettled == false }

    /// What the next utterance is heard as.
    var listeningContext: String {
        switch opening?.stage {
        case .listening, .machine, .message, .screening: AnswerLanguage.context
        case .menu, .conversing, nil: expectation.context
        }
    }

    mutating func listen(_ policy: PlacedCall, at position: Int) {
        opening = Opening()
        deadlines[.opening] = position + policy.patience.samples
        armAnswer(at: position)
    }

    // MARK: What is heard

    mutating func openingVoiceStarted(onset: Int, at position: Int) {
        guard isFindingOut, let policy = settings.placed else { return }
        opening?.detector.voiceStarted(at: onset)
        armAnswer(at: position)
        switch opening?.stage {
        // A machine's length is known before this.
        case .listening: deadlines[.opening] = position + policy.longestRecording.samples
        case .machine(hasBeeped: false), .screening: deadlines[.opening] = opening?.end
        case .machine(hasBeeped: true), .message, .menu, .conversing, nil: break
        }
    }

    mutating func openingVoiceStopped(lastVoiced: Int, at position: Int) {
        guard isFindingOut, let policy = settings.placed else { return }
        opening?.detector.voiceStopped(at: lastVoiced)
        armAnswer(at: position)
        switch opening?.stage {
        case .listening: deadlines[.opening] = max(lastVoiced + policy.latestGreeting.samples, position)
        case .machine(hasBeeped: false):
            deadlines[.opening] = min(opening?.end ?? 0, max(lastVoiced + policy.beeplessPause.samples, position))
        case .screening: armIntroduction(at: position)
        case .machine(hasBeeped: true), .message, .menu, .conversing, nil: break
        }
    }

    /// Words of the present utterance: so far, or as they stand at a pause (interim), or all of them.
    mutating func openingHeard(
        _ text: String, isInterim: Bool = false, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard phase == .open, isFindingOut, !text.isEmpty else { return }
        // Where its length or the carrier alone said machine, it may be a person whose first words were misheard.
        if case .machine = opening?.stage, !isInterim || opening?.detector.mayBePersonal(at: position) == false {
            let isCertain = AnswerWords.answerer(text) == .machine && settings.placed?.machine == .hangUp
            if isCertain || AnswerWords.takesNoMessage(text) { return letGo("voicemail", at: position, &actions) }
        }
        var verdict = opening?.detector.heard(text, isInterim: isInterim, at: position)
        if verdict == nil, !awaitsWords(at: position) { verdict = opening?.detector.tick(at: position) }
        conclude(verdict, at: position, &actions)
        // Looked at again soon: its final words may never come.
        if verdict == nil, awaitsWords(at: position) { deadlines[.answer] = position + 800 }
    }

    /// Whether a greeting is over whose words are on their way, and know better than its length: there are none yet, or those
    /// heard until now may be a recording's.
    private func awaitsWords(at position: Int) -> Bool {
        guard let opening, let policy = settings.placed, opening.stage == .listening, opening.detector.verdict == nil,
            let lastVoiced = opening.detector.lastVoiced, position < lastVoiced + policy.wordsDeadline.samples
        else { return false }
        switch caller {
        case .pausing, .finishing: break
        case .silent, .speaking: return false
        }
        switch AnswerWords.answerer(opening.detector.words) {
        case .machine, .screening, .menu: return true
        case nil: return opening.detector.words.isEmpty
        case .person, .fax, .unsure: return false
        }
    }

    mutating func toneHeard(_ tone: LineTone, at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, isFindingOut else { return }
        conclude(opening?.detector.tone(tone, at: position), at: position, &actions)
        if tone == .beep { beeped(at: position) }
    }

    mutating func carrierAnswered(_ by: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, isFindingOut else { return }
        conclude(opening?.detector.carrier(by, at: position), at: position, &actions)
    }

    /// Whoever presses a key is a person.
    ///
    /// - Returns: whether the key goes on to the dialogue.
    mutating func openingKey(_ key: String, at position: Int, _ actions: inout [ConversationAction]) -> Bool {
        guard !isConversing else { return true }
        let verdict = opening?.detector.keyPressed(at: position)
        guard let policy = settings.placed, !policy.optOutKey.isEmpty, key.contains(policy.optOutKey) else {
            conclude(verdict, at: position, &actions)
            if !isConversing { greet(at: position, &actions) }
            return false
        }
        if let verdict { actions.append(.note(.answered(verdict))) }
        interruptReply(at: position, &actions)
        beginConversing()
        return true
    }

    /// Takes an utterance that is over, unless it is one for the dialogue.
    ///
    /// - Returns: whether it was taken.
    mutating func openingTakes(
        _ whole: Transcript, _ isUnderstandable: Bool, _ onset: Int, _ lastVoiced: Int, at position: Int,
        _ actions: inout [ConversationAction]
    ) -> Bool {
        guard let before = opening else { return false }
        let isPickup = before.pickup == whole.utterance
        if isPickup { opening?.pickup = nil }
        if isUnderstandable { openingHeard(whole.text, at: position, &actions) }
        if before.stage == .conversing, isConversing, phase == .open {
            // The greeting that is being spoken answers a greeting, and words that were not understood.
            let isAnswered = isPickup && reply != nil && reply?.generation == before.greeting
            guard isAnswered, !isUnderstandable || AnswerWords.isGreeting(whole.text) else { return false }
            resumePlayout(at: position, &actions)
        }
        guard isUnderstandable || lastVoiced - onset >= settings.turns.shortestUtterance.samples else { return true }
        turn += 1
        let record = CallerTurnRecord(
            turn: turn, text: whole.text, confidence: whole.confidence, isOutOfTask: !isUnderstandable, started: onset,
            ended: lastVoiced)
        actions.append(.note(.callerTurn(record)))
        openingFinished(record, at: position, &actions)
        awaitCallerIfIdle(at: position)
        return true
    }

    private mutating func openingFinished(
        _ turn: CallerTurnRecord, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard phase == .open else { return }
        switch opening?.stage {
        case .screening:
            assistantSaid(turn.isOutOfTask ? "" : turn.text, from: turn.started, at: position, &actions)
        case .menu where !turn.isOutOfTask: menuSaid(turn, at: position, &actions)
        case .listening, .machine, .message, .menu, .conversing, nil: break
        }
    }

    // MARK: What is concluded

    mutating func answerDue(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, isFindingOut else { return }
        guard !awaitsWords(at: position) else {
            deadlines[.answer] = position + 800
            return
        }
        conclude(opening?.detector.tick(at: position), at: position, &actions)
    }

    private mutating func conclude(
        _ verdict: AnswerDetector.Verdict?, at position: Int, _ actions: inout [ConversationAction]
    ) {
        armAnswer(at: position)
        guard let verdict, phase == .open, let stage = opening?.stage else { return }
        actions.append(.note(.answered(verdict)))
        switch verdict.answerer {
        case .person: if stage != .conversing { greet(at: position, &actions) }
        case .unsure: if stage == .listening { greet(at: position, &actions) }
        case .machine: machineAnswered(by: verdict.evidence, at: position, &actions)
        case .screening: assistantAnswered(at: position, &actions)
        case .menu: menuAnswered(at: position, &actions)
        case .fax: letGo("fax", at: position, &actions)
        }
    }

    /// A stage has taken as long as it may, or what was put off is due.
    mutating func openingOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, let policy = settings.placed else { return }
        switch opening?.stage {
        case .listening: greet(at: position, &actions)
        case .machine:
            guard policy.machine == .leaveMessage, !policy.message.isEmpty else {
                return letGo("voicemail", at: position, &actions)
            }
            leaveMessage(policy, at: position, &actions)
        case .message: letGo("voicemail", at: position, &actions)
        case .screening:
            guard position < opening?.end ?? 0 else { return letGo("screened", at: position, &actions) }
            introduce(policy, at: position, &actions)
        case .menu: letGo("menu", at: position, &actions)
        case .conversing, nil: break
        }
    }

    private mutating func armAnswer(at position: Int) {
        guard phase == .open, isFindingOut else {
            deadlines[.answer] = nil
            return
        }
        deadlines[.answer] = opening?.detector.nextCheck(after: position)
    }

    mutating func enter(_ stage: Opening.Stage, for duration: Duration, at position: Int) {
        opening?.stage = stage
        opening?.end = position + duration.samples
        deadlines[.opening] = opening?.end
        deadlines[.silence] = nil
    }

    /// The dialogue gets the call.
    mutating func beginConversing() {
        opening?.stage = .conversing
        opening?.detector.conversationBegan()
        deadlines[.opening] = nil
    }

    /// Whoever has answered, an operator speaks with them now.
    mutating func engageByOperator() {
        guard opening != nil else { return }
        beginConversing()
        opening?.isSettled = true
        deadlines[.answer] = nil
    }

    /// What was answered by a reply of the agent's is a conversation, whatever it sounds like later.
    mutating func settle(at position: Int, _ actions: inout [ConversationAction]) {
        guard isConversing, isFindingOut else { return }
        conclude(opening?.detector.conversed(at: position), at: position, &actions)
        opening?.isSettled = true
        deadlines[.answer] = nil
    }

    mutating func greet(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open else { return }
        interruptReply(at: position, &actions)
        let lastVoiced = opening?.detector.lastVoiced
        beginConversing()
        if caller != .silent { opening?.pickup = utterance }
        if let lastVoiced {
            clock = TurnClock(turn: turn, lastVoiced: lastVoiced, finishRequested: position, transcribed: position)
        }
        openDialogue(at: position, &actions)
        opening?.greeting = generation
        armAnswer(at: position)
    }

    mutating func letGo(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        interruptReply(at: position, &actions)
        cancelRecognition(&actions)
        hangUp(reason, at: position, &actions)
    }
}
