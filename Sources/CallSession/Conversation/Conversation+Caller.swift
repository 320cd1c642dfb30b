import Agent
import Speech

/// The caller's side: voice, words, keys, and what they mean for an agent that is speaking.
extension Conversation {
    mutating func voiceStarted(onset: Int, at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open else { return }
        openingVoiceStarted(onset: onset, at: position)
        deadlines[.silence] = nil
        switch caller {
        case .speaking: return
        case .pausing(let id, let onset, _):
            caller = .speaking(id, onset: onset)
            deadlines[.endOfTurn] = nil
            forgetOpinions(&actions)
            actions.append(.resumeRecognition(id))
        case .silent, .finishing:
            utterance = utterance.next
            interim = ""
            forgetOpinions(&actions)
            caller = .speaking(utterance, onset: onset)
            deadlines[.utterance] = position + settings.longestUtterance.samples
            actions.append(.startRecognition(utterance, context: listeningContext))
        }
        if case .speaking = voice { considerBargeIn(at: position, &actions) }
    }

    mutating func voiceStopped(lastVoiced: Int, at position: Int, _ actions: inout [ConversationAction]) {
        if phase == .open { openingVoiceStopped(lastVoiced: lastVoiced, at: position) }
        guard case .speaking(let id, let onset) = caller else { return }
        caller = .pausing(id, onset: onset, lastVoiced: lastVoiced)
        deadlines[.bargeIn] = nil
        actions.append(.pauseRecognition(id))
        armEndOfTurn(at: position)
        askForPreview(id, text: interim, confidence: 1, &actions)
    }

    mutating func interim(
        _ id: UtteranceID, text: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard id == utterance, text != interim else { return }
        interim = text
        openingHeard(text, at: position, &actions)
        switch caller {
        case .pausing(_, let onset, let lastVoiced):
            completeness = nil
            weighBargeIn(onset: onset, voiced: lastVoiced - onset, at: position, &actions)
            armEndOfTurn(at: position)
            askForPreview(id, text: text, confidence: 1, &actions)
        case .speaking: reconsiderBargeIn(at: position, &actions)
        case .silent, .finishing: break
        }
    }

    /// The words as they stand at a pause: better than any interim, and with a confidence.
    mutating func provisional(_ transcript: Transcript, at position: Int, _ actions: inout [ConversationAction]) {
        guard transcript.utterance == utterance, case .pausing(let id, _, let lastVoiced) = caller else { return }
        interim = transcript.isOutOfTask ? "" : transcript.text
        openingHeard(interim, at: position, &actions)
        guard case .pausing(_, let onset, _) = caller else { return }
        completeness = nil
        weighBargeIn(onset: onset, voiced: lastVoiced - onset, at: position, &actions)
        armEndOfTurn(at: position)
        askForPreview(id, text: interim, confidence: transcript.confidence, &actions)
    }

    mutating func endOfTurnLikely(_ id: UtteranceID, _ probability: Double, at position: Int) {
        guard id == utterance, case .pausing(_, _, _) = caller else { return }
        endLikelihood = probability
        armEndOfTurn(at: position)
    }

    /// The dialogue's opinion of the words so far. One about other words than the present ones is late.
    mutating func previewed(
        _ id: UtteranceID, text: String, _ opinion: TurnCompleteness, firstSentence: String?, at position: Int,
        _ actions: inout [ConversationAction]
    ) {
        guard id == utterance, text == underOpinion, case .pausing(_, _, _) = caller else { return }
        completeness = opinion
        armEndOfTurn(at: position)
        guard settings.turns.preparesSpeech, let firstSentence, firstSentence != prepared else { return }
        if prepared != nil { actions.append(.discardPreparedSpeech) }
        prepared = firstSentence
        actions.append(.prepareSpeech(firstSentence))
    }

    mutating func endOfTurn(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .pausing(let id, let onset, let lastVoiced) = caller else { return }
        finish(id, onset: onset, lastVoiced: lastVoiced, at: position, &actions)
    }

    mutating func utteranceTooLong(at position: Int, _ actions: inout [ConversationAction]) {
        let (utterance, onset, lastVoiced): (UtteranceID, Int, Int)
        switch caller {
        case .speaking(let id, let start): (utterance, onset, lastVoiced) = (id, start, position)
        // The pause it falls into is as good an end as any.
        case .pausing(let id, let start, let end): (utterance, onset, lastVoiced) = (id, start, end)
        case .silent, .finishing: return
        }
        actions.append(.note(.incident(kind: "long utterance", detail: "cut after \(settings.longestUtterance)")))
        finish(utterance, onset: onset, lastVoiced: lastVoiced, at: position, &actions)
    }

    mutating func recognitionOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .finishing(let id, _, _, _) = caller else { return }
        actions.append(.cancelRecognition(id))
        actions.append(
            .note(.incident(kind: "recognition", detail: "no result within \(settings.recognitionDeadline)")))
        finishedUnrecognized(id, at: position, &actions)
    }

    /// The recognizer's last word about an utterance.
    mutating func finished(_ transcript: Transcript, at position: Int, _ actions: inout [ConversationAction]) {
        guard case .finishing(transcript.utterance, let onset, let lastVoiced, let requested) = caller else {
            // The caller went on speaking: these words belong to the turn that is still open.
            if transcript.utterance < utterance, caller != .silent, !transcript.isOutOfTask { carry(transcript) }
            return
        }
        endUtterance()
        var whole = transcript
        if let carried {
            self.carried = nil
            whole.text = [carried.text, transcript.text].filter { !$0.isEmpty }.joined(separator: " ")
            whole.confidence = min(carried.confidence, transcript.confidence)
            whole.isOutOfTask = carried.isOutOfTask && transcript.isOutOfTask
        }
        let isUnderstandable = !whole.isOutOfTask && !whole.text.isEmpty
        guard !openingTakes(whole, isUnderstandable, onset, lastVoiced, at: position, &actions) else { return }
        // Over the agent, and while a tool of its works, only words that are meant for it count: no "mm-hm", no cough, no
        // talk with somebody else.
        if voice != .silent || isToolRunning {
            guard isUnderstandable, mayAnswer(onset: onset) || !TurnDetector.isBackchannel(whole.text) else {
                return resumePlayout(at: position, &actions)
            }
        }
        // A cough is no turn.
        if !isUnderstandable, lastVoiced - onset < settings.turns.shortestUtterance.samples {
            return awaitCallerIfIdle(at: position)
        }
        turn += 1
        clock = TurnClock(turn: turn, lastVoiced: lastVoiced, finishRequested: requested, transcribed: position)
        actions.append(
            .note(
                .callerTurn(
                    CallerTurnRecord(
                        turn: turn, text: whole.text, confidence: whole.confidence, isOutOfTask: !isUnderstandable,
                        started: onset, ended: lastVoiced))))
        silences = 0
        if isUnderstandable { settle(at: position, &actions) }
        interruptReply(at: position, &actions)
        startReply(
            isUnderstandable
                ? .callerSaid(CallerTurn(number: turn, text: whole.text, confidence: whole.confidence))
                : .callerNotUnderstood, at: position, &actions)
    }

    /// The utterance held no speech: noise, breath, a door.
    mutating func finishedWithoutWords(_ id: UtteranceID, at position: Int, _ actions: inout [ConversationAction]) {
        guard case .finishing(id, _, _, _) = caller else { return }
        if let carried {
            self.carried = nil
            // What came before was the whole turn.
            return finished(
                Transcript(utterance: id, text: carried.text, confidence: carried.confidence), at: position, &actions)
        }
        endUtterance()
        if case .held = voice { return resumePlayout(at: position, &actions) }
        awaitCallerIfIdle(at: position)
    }

    /// Speech was heard but its words are lost: ask again.
    mutating func finishedUnrecognized(_ id: UtteranceID, at position: Int, _ actions: inout [ConversationAction]) {
        switch caller {
        case .finishing(id, _, _, _): break
        case .speaking(id, _), .pausing(id, _, _):
            deadlines[.endOfTurn] = nil
        default: return
        }
        endUtterance()
        if case .held = voice { return resumePlayout(at: position, &actions) }
        guard reply == nil, isConversing, opening?.pickup != id else { return awaitCallerIfIdle(at: position) }
        startReply(.callerNotUnderstood, at: position, &actions)
    }

    /// Keys are gathered while digits are expected, until `#`, their number or a pause; elsewhere each key is an answer.
    mutating func keyPressed(_ key: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, openingKey(key, at: position, &actions) else { return }
        silences = 0
        if settings.keysInterrupt { interruptReply(at: position, &actions) }
        let rules = KeyGroup.Rules(
            length: expectation.longestKeys, pause: settings.keyPause.samples, gathers: expectation.kind == .digits)
        for key in key {
            switch keys.press(key, at: position, rules) {
            case .complete(let pressed): keysComplete(pressed, at: position, &actions)
            case .waiting(let end):
                deadlines[.silence] = nil
                deadlines[.keys] = end
            }
        }
    }

    mutating func keysComplete(
        _ pressed: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        deadlines[.keys] = nil
        guard phase == .open, !pressed.isEmpty else { return awaitCallerIfIdle(at: position) }
        // Where keys do not interrupt, an answer still ends what it answers.
        interruptReply(at: position, &actions)
        turn += 1
        startReply(.keysPressed(pressed), at: position, &actions)
    }

    // MARK: Barge-in

    /// The caller began to speak over the agent: hold the breath at once, decide when more is known.
    private mutating func considerBargeIn(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .speaking(let since) = voice, phase == .open, isConversing else { return }
        let isGreeting = opening.map { $0.greeting == generation } ?? (turn == 0 && generation == 1)
        let protectedUntil = isGreeting ? since + settings.turns.protectedGreeting.samples : since
        if position < protectedUntil {
            deadlines[.bargeIn] = protectedUntil
            return
        }
        voice = .held(since: since, from: position)
        deadlines[.bargeIn] = position + settings.turns.interruptAfter.samples
        deadlines[.playout] = nil
        actions.append(.pausePlayout)
    }

    /// More is known of what the caller says over the agent, or they have said it for longer.
    mutating func reconsiderBargeIn(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .speaking(_, let onset) = caller else { return }
        weighBargeIn(onset: onset, voiced: position - onset, at: position, &actions)
    }

    private mutating func weighBargeIn(
        onset: Int, voiced: Int, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard voice != .silent else { return }
        let verdict = settings.turns.verdict(voiced: voiced, text: interim, mayBeAnswer: mayAnswer(onset: onset))
        if case .backchannel(let end) = verdict {
            resumePlayout(at: position, &actions)
            if case .speaking = caller { deadlines[.bargeIn] = onset + end }
            return
        }
        if case .speaking = voice { considerBargeIn(at: position, &actions) }
        // The greeting's first words go on whatever is said.
        guard case .held = voice else { return }
        switch verdict {
        case .interruption: interruptReply(at: position, &actions)
        case .undecided(let end): if case .speaking = caller { deadlines[.bargeIn] = onset + end }
        case .backchannel: break
        }
    }

    /// Whether what began at `onset` can be an answer to what the agent is still saying: a question, nearly all of it heard.
    private func mayAnswer(onset: Int) -> Bool {
        let since: Int
        switch voice {
        case .silent: return false
        case .speaking(let start), .held(let start, _): since = start
        }
        guard let reply, reply.isFinished, ledger.isSynthesized else { return false }
        let asks = [.yesNo, .choice].contains(expectation.kind) || ledger.plannedText.hasSuffix("?")
        return asks && ledger.synthesized - (onset - since) <= TurnDetector.answerReach.samples
    }

    mutating func resumePlayout(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .held(let since, let heldFrom) = voice else { return }
        // It speaks on from where it stopped, so it ends later by as long as it was silent.
        voice = .speaking(since: since + position - heldFrom)
        deadlines[.bargeIn] = nil
        armPlayout(at: position)
        actions.append(.resumePlayout)
    }

    // MARK: Pieces

    private mutating func armEndOfTurn(at position: Int) {
        guard let pause else { return }
        deadlines[.endOfTurn] = pause.end(under: settings.turns, now: position)
    }

    private mutating func finish(
        _ id: UtteranceID, onset: Int, lastVoiced: Int, at position: Int, _ actions: inout [ConversationAction]
    ) {
        caller = .finishing(id, onset: onset, lastVoiced: lastVoiced, requested: position)
        deadlines[.utterance] = nil
        deadlines[.endOfTurn] = nil
        deadlines[.recognition] = position + settings.recognitionDeadline.samples
        actions.append(.finishRecognition(id))
    }

    /// Asks what the dialogue would make of `text`, with what was said before it in this turn.
    private mutating func askForPreview(
        _ id: UtteranceID, text: String, confidence: Double, _ actions: inout [ConversationAction]
    ) {
        // While the agent holds its breath, how long to wait does not depend on the words.
        guard !text.isEmpty, voice == .silent, !isSilenced, isConversing, opening?.pickup != id else { return }
        underOpinion = [carried?.text, text].compactMap(\.self).joined(separator: " ")
        actions.append(.preview(id, CallerTurn(number: turn + 1, text: underOpinion, confidence: confidence)))
    }

    /// The caller goes on: what was thought of their words no longer holds.
    private mutating func forgetOpinions(_ actions: inout [ConversationAction]) {
        completeness = nil
        endLikelihood = nil
        guard prepared != nil else { return }
        prepared = nil
        actions.append(.discardPreparedSpeech)
    }

    private mutating func endUtterance() {
        caller = .silent
        interim = ""
        deadlines[.recognition] = nil
        deadlines[.utterance] = nil
    }

    private mutating func carry(_ transcript: Transcript) {
        guard !transcript.text.isEmpty else { return }
        var piece = transcript
        if let carried {
            piece.text = carried.text + " " + transcript.text
            piece.confidence = min(carried.confidence, transcript.confidence)
        }
        carried = piece
    }
}
