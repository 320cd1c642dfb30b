import Agent
import Speech

/// What answers a placed call and is no person, dealt with as ``PlacedCall`` says until one comes to the line: machines get
/// a message or nothing, assistants are told who calls, menus are listened to and get keys.
extension Conversation {
    // MARK: Machines

    mutating func machineAnswered(
        by evidence: AnswerDetector.Evidence, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard let policy = settings.placed else { return }
        switch policy.machine {
        // The pause after its greeting is as good as a person's.
        case .talk:
            switch opening?.stage {
            case .screening, .menu, .machine, .message: greet(at: position, &actions)
            case .listening, .conversing, nil: break
            }
            return
        // That it has talked for long, or that the carrier thinks so, is no proof: it may be an assistant or a menu.
        case .hangUp: if evidence >= .words { return letGo("voicemail", at: position, &actions) }
        case .leaveMessage: break
        }
        interruptReply(at: position, &actions)
        enter(.machine(hasBeeped: false), for: policy.longestRecording, at: position)
        if opening?.detector.beep != nil {
            beeped(at: position)
        } else if let lastVoiced = opening?.detector.lastVoiced {
            deadlines[.opening] = max(lastVoiced + policy.beeplessPause.samples, position)
        } else if opening?.detector.isVoiced == false {
            // Only the carrier has heard it so far.
            deadlines[.opening] = position + 2 * policy.beeplessPause.samples
        }
    }

    mutating func beeped(at position: Int) {
        guard let policy = settings.placed, case .machine = opening?.stage else { return }
        opening?.stage = .machine(hasBeeped: true)
        deadlines[.opening] = position + policy.pauseAfterBeep.samples
    }

    mutating func leaveMessage(
        _ policy: PlacedCall, at position: Int, _ actions: inout [ConversationAction]
    ) {
        interruptReply(at: position, &actions)
        enter(.message, for: policy.longestRecording * 2, at: position)
        beginOwnReply(at: position)
        reply?.ending = .hangUp(reason: "message left")
        speak(policy.message, at: position, &actions)
    }

    // MARK: Assistants

    mutating func assistantAnswered(at position: Int, _ actions: inout [ConversationAction]) {
        guard let policy = settings.placed else { return }
        interruptReply(at: position, &actions)
        enter(.screening, for: policy.longestHold, at: position)
        opening?.owesIntroduction = true
        armIntroduction(at: position)
    }

    /// Waits for the assistant to finish its question.
    mutating func armIntroduction(at position: Int) {
        guard let opening, opening.owesIntroduction, let lastVoiced = opening.detector.lastVoiced else { return }
        deadlines[.opening] = min(opening.end, max(lastVoiced + Duration.milliseconds(600).samples, position))
    }

    mutating func introduce(_ policy: PlacedCall, at position: Int, _ actions: inout [ConversationAction]) {
        deadlines[.opening] = opening?.end
        guard opening?.owesIntroduction == true, !policy.introduction.isEmpty else { return }
        opening?.owesIntroduction = false
        opening?.introductions += 1
        opening?.introducedAt = position
        interruptReply(at: position, &actions)
        beginOwnReply(at: position)
        speak(policy.introduction, at: position, &actions)
    }

    mutating func assistantSaid(
        _ text: String, from started: Int, at position: Int, _ actions: inout [ConversationAction]
    ) {
        // Of what was said before the assistant was told, nothing is an answer to it.
        guard let introduced = opening?.introducedAt, started > introduced, !text.isEmpty else { return }
        let introductions = opening?.introductions ?? 0
        switch AnswerWords.answerer(text) {
        case .screening where !AnswerWords.asksToWait(text):
            guard introductions < Opening.mostIntroductions else { return letGo("screened", at: position, &actions) }
            opening?.owesIntroduction = true
            armIntroduction(at: position)
        // Whoever says anything else has heard who calls.
        case nil where !AnswerWords.asksToWait(text): greet(at: position, &actions)
        // A greeting is a person's when it is short, which the detector tells.
        default: break
        }
    }

    // MARK: Menus

    mutating func menuAnswered(at position: Int, _ actions: inout [ConversationAction]) {
        guard let policy = settings.placed else { return }
        interruptReply(at: position, &actions)
        enter(.menu, for: policy.longestHold, at: position)
    }

    /// The dialogue hears what the menu offers and presses keys. A menu that comes again and again leads nowhere.
    mutating func menuSaid(_ turn: CallerTurnRecord, at position: Int, _ actions: inout [ConversationAction]) {
        // A short greeting is a person's, which the detector tells.
        guard AnswerWords.answerer(turn.text) != .person else { return }
        let words = AnswerWords.normalized(turn.text)
        let count = (opening?.menus[words] ?? 0) + 1
        opening?.menus[words] = count
        guard count < Opening.mostMenus else {
            actions.append(.note(.incident(kind: "menu", detail: "the same menu was heard \(count) times")))
            return letGo("menu", at: position, &actions)
        }
        interruptReply(at: position, &actions)
        startReply(
            .callerSaid(CallerTurn(number: turn.turn, text: turn.text, confidence: turn.confidence)), at: position,
            &actions)
    }

    /// The dialogue presses keys.
    mutating func pressed(_ keys: String, at position: Int, _ actions: inout [ConversationAction]) {
        opening?.keysPressed += keys.count
        if let pressed = opening?.keysPressed, pressed > Opening.mostKeys {
            actions.append(
                .note(.incident(kind: "keys", detail: "\(pressed) keys were pressed without reaching anybody")))
            return letGo("menu", at: position, &actions)
        }
        actions.append(.press(keys))
    }
}
