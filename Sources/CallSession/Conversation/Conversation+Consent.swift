import Agent
import Speech

/// Whether the call may be recorded: said or asked before the dialogue begins, and taken back whenever the caller wants.
extension Conversation {
    /// Whether that is being settled; until then the dialogue hears nothing of the caller.
    var isSettlingConsent: Bool { consentTalk.map { $0.stage != .due && $0.stage != .settled } ?? false }

    /// What is known of it; nil where nobody is told or asked.
    package var consent: RecordingConsent? { consentTalk?.consent }

    /// The dialogue gets the call, once the caller knows that it is recorded.
    mutating func openDialogue(at position: Int, _ actions: inout [ConversationAction]) {
        guard let talk = consentTalk, talk.stage != .settled, !isSilenced else {
            return startReply(nil, at: position, &actions)
        }
        switch talk.policy.consent {
        case .announce: sayConsent(.announcement, talk.policy.say, at: position, &actions)
        case .ask:
            consentTalk?.questions = 1
            sayConsent(.question, talk.policy.say, at: position, &actions)
        }
    }

    private mutating func sayConsent(
        _ line: ConsentTalk.Line, _ text: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        if line == .question { expectation = Expectation(kind: .yesNo, context: ConsentLanguage.context) }
        beginOwnReply(at: position)
        consentTalk?.stage = .saying(line, generation: generation)
        speak(text, at: position, &actions)
    }

    /// A reply was heard to its end.
    ///
    /// - Returns: whether it was one of these lines, and what follows has begun.
    mutating func consentLineHeard(
        _ generation: Int, wholly: Bool, at position: Int, _ actions: inout [ConversationAction]
    ) -> Bool {
        guard phase == .open, case .saying(let line, generation) = consentTalk?.stage else { return false }
        guard wholly else {
            abandonConsent("it could not be said", at: position, &actions)
            return true
        }
        switch line {
        case .announcement:
            record(.announced, .announcement, at: position, &actions)
            goOn(at: position, &actions)
        case .question:
            consentTalk?.stage = .waiting
            awaitCallerIfIdle(at: position)
        case .closing, .stopped: goOn(at: position, &actions)
        }
        return true
    }

    /// What was put off until it was settled.
    private mutating func goOn(at position: Int, _ actions: inout [ConversationAction]) {
        let following = consentTalk?.following ?? .nothing
        consentTalk?.stage = .settled
        consentTalk?.following = .nothing
        switch following {
        case .greeting:
            expectation = Expectation(kind: .open, context: "")
            startReply(nil, at: position, &actions)
            consentTalk?.greeting = generation
            if opening != nil { opening?.greeting = generation }
        case .answer(let input): startReply(input, at: position, &actions)
        case .nothing: awaitCallerIfIdle(at: position)
        }
    }

    /// Takes an utterance that is over, where it is about this and not for the dialogue.
    ///
    /// - Returns: whether it was taken.
    mutating func consentTakes(
        _ whole: Transcript, _ isUnderstandable: Bool, _ onset: Int, _ lastVoiced: Int, at position: Int,
        _ actions: inout [ConversationAction]
    ) -> Bool {
        guard phase == .open, let talk = consentTalk else { return false }
        // Whether ears that are tuned to a task call it part of it says nothing here: none is about being recorded.
        let isWithdrawn =
            talk.consent.allowsRecording && ConsentWords.refusesRecording(whole.text)
        guard isWithdrawn || (isSettlingConsent && !isSilenced) else { return false }
        guard isUnderstandable || isWithdrawn || lastVoiced - onset >= settings.turns.shortestUtterance.samples else {
            resumePlayout(at: position, &actions)
            awaitCallerIfIdle(at: position, anew: false)
            return true
        }
        if isWithdrawn, isSilenced {
            withdraw(at: position, &actions)
            return false
        }
        if isSettlingConsent, isUnderstandable, TurnDetector.isHesitation(whole.text, expecting: .yesNo) {
            resumePlayout(at: position, &actions)
            awaitCallerIfIdle(at: position)
            return true
        }
        turn += 1
        actions.append(
            .note(
                .callerTurn(
                    CallerTurnRecord(
                        turn: turn, text: whole.text, confidence: whole.confidence, isOutOfTask: !isUnderstandable,
                        started: onset, ended: lastVoiced))))
        silences = 0
        lapses = 0
        if isUnderstandable { settle(at: position, &actions) }
        let said = CallerTurn(whole, number: turn)
        if isWithdrawn {
            stop(after: said, isUnderstandable, at: position, &actions)
        } else if isUnderstandable, settings.placed != nil, ConsentWords.wantsNoCall(whole.text) {
            interruptReply(at: position, &actions)
            leaveUnasked(at: position, &actions)
            startReply(.callerSaid(said), at: position, &actions)
        } else if talk.isAsking {
            let refuses = ConsentWords.refusesRecording(whole.text)
            answered(
                isUnderstandable ? ConsentWords.answer(whole.text) : refuses ? .refuses : nil, at: position, &actions)
        } else if talk.isUninterruptible, ConsentWords.refusesRecording(whole.text) {
            // Who objects before it begins is not recorded at all.
            decide(.refused, .words, at: position, &actions)
        } else if talk.isUninterruptible {
            resumePlayout(at: position, &actions)
        } else {
            interruptReply(at: position, &actions)
            goOn(at: position, &actions)
        }
        return true
    }

    private mutating func answered(
        _ answer: ConsentWords.Answer?, at position: Int, _ actions: inout [ConversationAction]
    ) {
        switch answer {
        case .refuses: decide(.refused, .words, at: position, &actions)
        // Nobody agrees to what they have not heard.
        case .agrees where hasHeardQuestion(at: position): decide(.granted, .words, at: position, &actions)
        case .agrees: resumePlayout(at: position, &actions)
        case nil where reply != nil: resumePlayout(at: position, &actions)
        case nil: unclear(.unclear, at: position, &actions)
        }
    }

    /// Whether so much of the question was heard that the rest adds nothing.
    private func hasHeardQuestion(at position: Int) -> Bool {
        guard reply != nil else { return true }
        guard ledger.isSynthesized else { return false }
        let heard =
            switch voice {
            case .silent: 0
            case .speaking(let since): position - since
            case .held(let since, let from): from - since
            }
        return heard * 4 >= ledger.synthesized * 3
    }

    /// Neither yes nor no: asked once again, then taken for a no.
    mutating func unclear(
        _ evidence: RecordingConsent.Evidence, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard let talk = consentTalk, talk.isAsking else { return goOn(at: position, &actions) }
        guard talk.questions < ConsentTalk.mostQuestions else {
            return decide(.refused, evidence, at: position, &actions)
        }
        consentTalk?.questions += 1
        interruptReply(at: position, &actions)
        sayConsent(.question, talk.policy.again, at: position, &actions)
    }

    private mutating func decide(
        _ state: RecordingConsent.State, _ evidence: RecordingConsent.Evidence, at position: Int,
        _ actions: inout [ConversationAction]
    ) {
        interruptReply(at: position, &actions)
        record(state, evidence, at: position, &actions)
        let policy = consentTalk?.policy
        let closing = (state == .granted ? policy?.agreed : policy?.refused) ?? ""
        guard !closing.isEmpty else { return goOn(at: position, &actions) }
        sayConsent(.closing, closing, at: position, &actions)
    }

    private mutating func record(
        _ state: RecordingConsent.State, _ evidence: RecordingConsent.Evidence?, at position: Int,
        _ actions: inout [ConversationAction]
    ) {
        let consent = RecordingConsent(state: state, position: position, evidence: evidence)
        consentTalk?.consent = consent
        if consent.allowsRecording { actions.append(.startRecording) }
        actions.append(.note(.consent(consent)))
    }

    // MARK: Keys

    /// - Returns: whether the keys were an answer, or none of the dialogue's business.
    mutating func consentTakesKeys(_ keys: String, at position: Int, _ actions: inout [ConversationAction]) -> Bool {
        guard isSettlingConsent, !isSilenced, let talk = consentTalk else { return false }
        if let way = settings.placed?.optOutKey, !way.isEmpty, keys.contains(way) {
            interruptReply(at: position, &actions)
            leaveUnasked(at: position, &actions)
            return false
        }
        guard talk.isAsking else { return true }
        if keys == talk.policy.agreeKey {
            decide(.granted, .key, at: position, &actions)
        } else if keys == talk.policy.refuseKey {
            decide(.refused, .key, at: position, &actions)
        }
        return true
    }

    // MARK: Withdrawal

    private mutating func withdraw(at position: Int, _ actions: inout [ConversationAction]) {
        guard let policy = consentTalk?.policy else { return }
        record(.withdrawn, .words, at: position, &actions)
        actions.append(.stopRecording(deletes: policy.withdrawal == .delete))
    }

    private mutating func stop(
        after said: CallerTurn, _ isUnderstandable: Bool, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard let talk = consentTalk else { return }
        interruptReply(at: position, &actions)
        withdraw(at: position, &actions)
        if talk.stage == .settled {
            let isBare = said.text.split(separator: " ").count <= ConsentTalk.bareWithdrawal
            consentTalk?.following = isBare || !isUnderstandable ? .nothing : .answer(.callerSaid(said))
        }
        sayConsent(.stopped, talk.policy.stopped, at: position, &actions)
    }

    /// The words of a turn that was answered before they were known: what answers it has not stopped the recording.
    mutating func consentTakesLate(_ text: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard let talk = consentTalk, talk.consent.allowsRecording, ConsentWords.refusesRecording(text) else { return }
        withdraw(at: position, &actions)
        // A caller who has gone on speaking is not spoken into.
        guard phase == .open, caller == .silent, talk.stage == .settled, !isSilenced else { return }
        interruptReply(at: position, &actions)
        sayConsent(.stopped, talk.policy.stopped, at: position, &actions)
    }

    // MARK: When it comes to nothing

    /// The voice failed. The call goes on, unrecorded.
    mutating func abandonConsent(_ why: String, at position: Int, _ actions: inout [ConversationAction]) {
        actions.append(.note(.incident(kind: "recording consent", detail: why)))
        interruptReply(at: position, &actions)
        if consentTalk?.consent.state == .pending { record(.unasked, nil, at: position, &actions) }
        goOn(at: position, &actions)
    }

    /// Something else has the line: what was not settled by now is not settled at all.
    mutating func leaveUnasked(at position: Int, _ actions: inout [ConversationAction]) {
        guard let talk = consentTalk, talk.stage != .settled else { return }
        consentTalk?.stage = .settled
        consentTalk?.owesGreeting = talk.following == .greeting
        consentTalk?.following = .nothing
        if talk.following == .greeting { expectation = Expectation(kind: .open, context: "") }
        if talk.consent.state == .pending { record(.unasked, nil, at: position, &actions) }
    }

    /// What the dialogue is told in place of `input`: it must have begun the call before it can go on with it.
    mutating func settlingGreetingDebt(
        _ input: DialogueInput?, at position: Int, _ actions: inout [ConversationAction]
    ) -> DialogueInput? {
        leaveUnasked(at: position, &actions)
        guard consentTalk?.owesGreeting == true else { return input }
        consentTalk?.owesGreeting = false
        switch input {
        case .callerSilent, .callerNotUnderstood: return nil
        case .callStarted, .callerSaid, .keysPressed, .notReached, nil: return input
        }
    }
}
