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
            // Their words were still being weighed.
            if let undecided { carry(undecided) }
            undecided = nil
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
        speaksOn = false
        unbrokenUtterances = 0
        if phase == .open { openingVoiceStopped(lastVoiced: lastVoiced, at: position) }
        guard case .speaking(let id, let onset) = caller else { return }
        caller = .pausing(id, onset: onset, lastVoiced: lastVoiced)
        deadlines[.bargeIn] = nil
        actions.append(.pauseRecognition(id))
        if case .held = voice {
            weighBargeIn(onset: onset, voiced: lastVoiced - onset, isOver: true, at: position, &actions)
        } else if settings.turns.holdAfter != nil, !interim.isEmpty {
            // Too short for a patient agent to hold its breath; its words may mean it all the same.
            weighBargeIn(onset: onset, voiced: lastVoiced - onset, isOver: true, at: position, &actions)
        }
        armEndOfTurn(at: position)
        askForPreview(id, text: interim, confidence: 1, &actions)
    }

    mutating func interim(
        _ id: UtteranceID, text: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard id == utterance, text != interim else { return }
        interim = text
        openingHeard(text, isInterim: true, at: position, &actions)
        switch caller {
        case .pausing(_, let onset, let lastVoiced):
            completeness = nil
            weighBargeIn(onset: onset, voiced: lastVoiced - onset, isOver: true, at: position, &actions)
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
        openingHeard(interim, isInterim: true, at: position, &actions)
        guard case .pausing(_, let onset, _) = caller else { return }
        completeness = nil
        weighBargeIn(onset: onset, voiced: lastVoiced - onset, isOver: true, at: position, &actions)
        armEndOfTurn(at: position)
        askForPreview(
            id, text: interim, confidence: transcript.confidence, language: transcript.language, areWhole: true,
            &actions)
    }

    mutating func endOfTurnLikely(_ id: UtteranceID, _ probability: Double, at position: Int) {
        guard id == utterance, case .pausing(_, _, _) = caller else { return }
        endLikelihood = probability
        armEndOfTurn(at: position)
    }

    /// The dialogue's opinion of the words so far, where it has one, and how it would begin its answer. What is about other
    /// words than the present ones is late.
    mutating func previewed(
        _ id: UtteranceID, text: String, _ opinion: TurnCompleteness?, firstSentence: String?, at position: Int,
        _ actions: inout [ConversationAction]
    ) {
        hasOpinions = opinion != nil
        guard id == utterance, text == underOpinion?.text else { return }
        switch caller {
        case .pausing:
            completeness = opinion
            armEndOfTurn(at: position)
        case .finishing:
            // The turn is over; its last words are still on their way, or were waiting for this.
            guard let undecided else { break }
            completeness = opinion
            return finished(undecided, at: position, &actions)
        case .silent, .speaking: return
        }
        // The voice reads one sentence at a time: first those of the reply that is held.
        if voice != .silent, let reply, !isFullySpoken(reply.generation) { return }
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
        case .speaking(let id, let start):
            (utterance, onset, lastVoiced) = (id, start, position)
            speaksOn = true
            if isConversing { unbrokenUtterances += 1 }
        // The pause it falls into is as good an end as any.
        case .pausing(let id, let start, let end): (utterance, onset, lastVoiced) = (id, start, end)
        case .silent, .finishing: return
        }
        actions.append(.note(.incident(kind: "long utterance", detail: "cut after \(settings.longestUtterance)")))
        finish(utterance, onset: onset, lastVoiced: lastVoiced, at: position, &actions)
        if unbrokenUtterances >= Self.longestUnbroken, !isSilenced {
            actions.append(.note(.incident(kind: "endless voice", detail: "the line was never silent; the call ends")))
            giveUp("caller never paused", at: position, &actions)
        }
    }

    /// Music, a television, a line that hums: after so many utterances without any pause there is nobody to talk with.
    private static let longestUnbroken = 3

    /// An utterance was cut in the middle of a voice. When its words have been dealt with, the next one has begun already.
    mutating func listenOn(at position: Int, _ actions: inout [ConversationAction]) {
        guard speaksOn, caller == .silent, phase == .open else { return }
        speaksOn = false
        if let due = deadlines[.silence], due <= position {
            deadlines[.silence] = nil
            silenceOverdue(at: position, &actions)
        }
        voiceStarted(onset: position, at: position, &actions)
    }

    mutating func recognitionOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .finishing(let id, _, _, _) = caller else { return }
        if let undecided {
            hasOpinions = false
            return finished(undecided, at: position, &actions)
        }
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
        let whole = withCarried(transcript)
        let isUnderstandable = !whole.isOutOfTask && !whole.text.isEmpty
        if isUnderstandable, undecided == nil, lacksOpinion(of: whole),
            askForPreview(
                transcript.utterance, text: transcript.text, confidence: transcript.confidence,
                language: transcript.language, &actions)
        {
            undecided = transcript
            deadlines[.recognition] = position + TurnDetector.opinionWait.samples
            return
        }
        endUtterance()
        carried = nil
        guard !openingTakes(whole, isUnderstandable, onset, lastVoiced, at: position, &actions) else { return }
        guard !consentTakes(whole, isUnderstandable, onset, lastVoiced, at: position, &actions) else { return }
        // Who says "um" is still thinking; and "okay" over the agent is no answer although the agent has finished by now.
        let wasOverAgent =
            soundOverAgent == transcript.utterance
            && TurnDetector.isBackchannel(whole.text, expecting: expectation.kind)
        if isUnderstandable, wasOverAgent || TurnDetector.isHesitation(whole.text, expecting: expectation.kind) {
            resumePlayout(at: position, &actions)
            return awaitCallerIfIdle(at: position)
        }
        // Over the agent, and while a tool of its works, only words that are meant for it count.
        if voice != .silent || isToolRunning {
            guard isUnderstandable, isForAgent(whole, onset: onset, lastVoiced: lastVoiced) else {
                return resumePlayout(at: position, &actions)
            }
        }
        // A cough is no turn.
        if !isUnderstandable, lastVoiced - onset < settings.turns.shortestUtterance.samples {
            return awaitCallerIfIdle(at: position, anew: false)
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
        lapses = 0
        if isUnderstandable { settle(at: position, &actions) }
        interruptForCaller(at: position, &actions)
        startReply(
            isUnderstandable
                ? .callerSaid(CallerTurn(whole, number: turn))
                : .callerNotUnderstood, at: position, &actions)
    }

    /// The utterance held no speech: noise, breath, a door.
    mutating func finishedWithoutWords(_ id: UtteranceID, at position: Int, _ actions: inout [ConversationAction]) {
        guard case .finishing(id, _, _, _) = caller else { return }
        if let carried {
            self.carried = nil
            // What came before was the whole turn.
            return finished(
                Transcript(
                    utterance: id, text: carried.text, confidence: carried.confidence, language: carried.language),
                at: position, &actions)
        }
        endUtterance()
        if case .held = voice { return resumePlayout(at: position, &actions) }
        awaitCallerIfIdle(at: position, anew: false)
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
        if isSettlingConsent, !isSilenced { return unclear(.unclear, at: position, &actions) }
        startReply(.callerNotUnderstood, at: position, &actions)
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
    ///
    /// - Returns: whether it was asked.
    @discardableResult
    private mutating func askForPreview(
        _ id: UtteranceID, text: String, confidence: Double, language: String? = nil, areWhole: Bool = false,
        _ actions: inout [ConversationAction]
    ) -> Bool {
        if voice != .silent, TurnDetector.isBackchannel(text, expecting: expectation.kind) { return false }
        guard !text.isEmpty, !isSilenced, isConversing, !isSettlingConsent, opening?.pickup != id else { return false }
        let whole = withCarried(Transcript(utterance: id, text: text, confidence: confidence, language: language))
        let asked = CallerTurn(whole, number: turn + 1)
        underOpinion = asked
        actions.append(.preview(id, asked, areWhole: areWhole))
        return true
    }

    /// The caller goes on: what was thought of their words no longer holds.
    private mutating func forgetOpinions(_ actions: inout [ConversationAction]) {
        completeness = nil
        endLikelihood = nil
        guard prepared != nil else { return }
        prepared = nil
        actions.append(.discardPreparedSpeech)
    }

    mutating func endUtterance() {
        caller = .silent
        interim = ""
        undecided = nil
        deadlines[.recognition] = nil
        deadlines[.utterance] = nil
    }

    /// The words, after those that were said before in this turn.
    private func withCarried(_ transcript: Transcript) -> Transcript {
        guard let carried else { return transcript }
        var whole = transcript
        whole.text = [carried.text, transcript.text].filter { !$0.isEmpty }.joined(separator: " ")
        whole.confidence = min(carried.confidence, transcript.confidence)
        whole.language = transcript.language ?? carried.language
        whole.isOutOfTask = carried.isOutOfTask && transcript.isOutOfTask
        return whole
    }

    private mutating func carry(_ transcript: Transcript) {
        guard !transcript.text.isEmpty else { return }
        var piece = transcript
        if let carried {
            piece.text = carried.text + " " + transcript.text
            piece.confidence = min(carried.confidence, transcript.confidence)
            piece.language = transcript.language ?? carried.language
        }
        carried = piece
    }
}

extension CallerTurn {
    init(_ transcript: Transcript, number: Int) {
        self.init(
            number: number, text: transcript.text, confidence: transcript.confidence, language: transcript.language)
    }
}
