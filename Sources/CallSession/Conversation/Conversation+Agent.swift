import Agent

/// The agent's side: replies, their audio, and how much of it was heard.
extension Conversation {
    /// Begins a new reply; nil input is the greeting. The reply before must be over or interrupted.
    mutating func startReply(_ input: DialogueInput?, at position: Int, _ actions: inout [ConversationAction]) {
        guard !isSilenced else {
            leaveUnanswered(input, at: position)
            clock = nil
            return awaitCallerIfIdle(at: position)
        }
        let input = settlingGreetingDebt(input, at: position, &actions)
        generation += 1
        ledger = UtteranceLedger(generation: generation)
        reply = Reply(generation: generation, turn: turn, started: position)
        deadlines[.silence] = nil
        silentSince = nil
        deadlines[.reply] = position + settings.replyDeadline.samples
        // The driver knows the call's facts; the reducer only says "the line is open".
        actions.append(.startReply(generation: generation, input ?? .callStarted(CallFacts(callID: ""))))
    }

    mutating func said(_ text: String, at position: Int, _ actions: inout [ConversationAction]) {
        if clock?.firstWords == nil { clock?.firstWords = position }
        speak(text, at: position, &actions)
    }

    mutating func speak(_ text: String, at position: Int, _ actions: inout [ConversationAction]) {
        // The driver takes the prepared audio if the words are the same, and lets go of it if not.
        prepared = nil
        let segment = ledger.plan(text)
        if voice == .silent { deadlines[.reply] = position + settings.replyDeadline.samples }
        actions.append(.synthesize(segment, text: text))
    }

    mutating func toolStarted(at position: Int) {
        reply?.runningTools += 1
        if voice == .silent { deadlines[.reply] = position + settings.toolDeadline.samples }
    }

    mutating func toolFinished(at position: Int) {
        reply?.runningTools -= 1
        if voice == .silent { deadlines[.reply] = position + settings.replyDeadline.samples }
    }

    mutating func synthesized(_ index: Int, samples: Int, at position: Int) {
        if clock?.firstAudio == nil { clock?.firstAudio = position }
        ledger.synthesized(index, samples: samples)
        if case .speaking = voice { armPlayout(at: position) }
    }

    mutating func synthesisFinished(
        _ index: Int, failed: Bool = false, at position: Int, _ actions: inout [ConversationAction]
    ) {
        ledger.complete(index, failed: failed)
        finishReplyIfDone(at: position, &actions)
    }

    mutating func replyFinished(at position: Int, _ actions: inout [ConversationAction]) {
        reply?.isFinished = true
        finishReplyIfDone(at: position, &actions)
    }

    mutating func replyFailed(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        actions.append(.note(.incident(kind: "reply", detail: reason)))
        apologize(at: position, &actions)
    }

    mutating func replyOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard let reply else { return awaitCallerIfIdle(at: position) }
        actions.append(.note(.incident(kind: "reply", detail: "no progress within \(settings.replyDeadline)")))
        actions.append(.cancelReply(generation: reply.generation))
        apologize(at: position, &actions)
    }

    // MARK: Playout

    mutating func playoutStarted(at position: Int, _ actions: inout [ConversationAction]) {
        guard voice == .silent else { return }
        voice = .speaking(since: position)
        deadlines[.reply] = nil
        if reply?.audibleSince == nil { reply?.audibleSince = position }
        armPlayout(at: position)
        if let clock {
            actions.append(.note(.latency(clock.latency(sent: position))))
            self.clock = nil
        }
        // The caller was already talking when the agent's first sample went out.
        if case .speaking = caller { reconsiderBargeIn(at: position, &actions) }
    }

    mutating func playoutDrained(heard: Int, at position: Int, _ actions: inout [ConversationAction]) {
        guard voice != .silent else { return }
        ledger.heard(heard)
        // More audio may have come since the mark was sent.
        guard ledger.heard >= ledger.synthesized else { return }
        voice = .silent
        deadlines[.playout] = nil
        deadlines[.bargeIn] = nil
        if !finishReplyIfDone(at: position, &actions) {
            deadlines[.reply] =
                position + (reply?.runningTools == 0 ? settings.replyDeadline : settings.toolDeadline).samples
        }
    }

    /// The carrier's mark is lost; by its own clock everything was played.
    mutating func playoutOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        actions.append(.note(.incident(kind: "playout", detail: "the carrier did not confirm what was played")))
        playoutDrained(heard: ledger.synthesized, at: position, &actions)
    }

    mutating func playoutCleared(
        _ cleared: Int, heard: Int, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard cleared == interrupted?.ledger.generation, var cut = interrupted else { return }
        interrupted = nil
        cut.ledger.heard(heard)
        let text = cut.ledger.heardText
        if !cut.isOfConsent { actions.append(.cutReply(heard: text)) }
        recordTurn(
            cut.turn, cut.ledger, heard: text, wasInterrupted: true, since: cut.audibleSince, at: position, &actions)
    }

    mutating func armPlayout(at position: Int) {
        guard case .speaking(let since) = voice else { return }
        // Counted from when it first became audible, without the times it was held.
        let end = max(since + ledger.synthesized, position)
        deadlines[.playout] = end + settings.playoutGrace.samples
    }

    // MARK: Interruption and completion

    /// Whether all audio of a reply exists: the dialogue is done and every segment synthesised.
    package func isFullySpoken(_ generation: Int) -> Bool {
        guard let reply, reply.generation == generation else { return true }
        return reply.isFinished && ledger.isSynthesized
    }

    /// Ends the reply under way, if any; the caller's words matter more.
    mutating func interruptReply(at position: Int, _ actions: inout [ConversationAction]) {
        guard let reply else { return }
        actions.append(.cancelReply(generation: reply.generation))
        let isOfConsent = consentTalk?.says(reply.generation) == true
        if reply.audibleSince != nil {
            interrupted = Interrupted(
                ledger: ledger, turn: reply.turn, audibleSince: reply.audibleSince ?? position, isOfConsent: isOfConsent
            )
            actions.append(.note(.interrupted(turn: reply.turn)))
            actions.append(.clearPlayout(generation: reply.generation))
        } else if !ledger.segments.isEmpty {
            // Planned, never heard.
            actions.append(.clearPlayout(generation: reply.generation))
            if !isOfConsent { actions.append(.cutReply(heard: "")) }
        }
        self.reply = nil
        voice = .silent
        deadlines[.bargeIn] = nil
        deadlines[.playout] = nil
        deadlines[.reply] = nil
        armCallerWait(at: position)
    }

    /// Closes the reply when the dialogue is done, all audio is there and the caller heard it.
    @discardableResult
    mutating func finishReplyIfDone(at position: Int, _ actions: inout [ConversationAction]) -> Bool {
        guard let reply, reply.isFinished, ledger.isSynthesized, voice == .silent, ledger.isWhollyHeard else {
            return false
        }
        if ledger.synthesized == 0, ledger.hasFailed {
            // Nothing of the reply could be spoken: the words exist, the voice does not.
            apologize(at: position, &actions)
            return true
        }
        if reply.isAfterFailedTransfer, ledger.segments.isEmpty {
            self.reply = nil
            sayNobodyThere(at: position, &actions)
            return true
        }
        if !ledger.segments.isEmpty {
            recordTurn(
                reply.turn, ledger, heard: ledger.heardText, wasInterrupted: false,
                since: reply.audibleSince ?? position, at: position,
                &actions)
        }
        if !reply.isOurs { failures = 0 }
        self.reply = nil
        clock = nil
        deadlines[.reply] = nil
        switch reply.ending {
        case .none where isIntroducing:
            introduced(at: position, &actions)
            armCallerWait(at: position)
        case .none:
            if !consentLineHeard(reply.generation, wholly: !ledger.hasFailed, at: position, &actions) {
                armCallerWait(at: position)
            }
        case .hangUp(let reason):
            if opening?.stage == .message { actions.append(.note(.messageLeft)) }
            hangUp(reason, at: position, &actions)
        case .transfer(let destination, let reason): handOn(to: destination, reason, at: position, &actions)
        }
        return true
    }

    mutating func handOn(
        to destination: String, _ reason: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        if let plan = settings.warmTransfers?[destination] {
            guard transfers < Self.mostTransfers else {
                phase = .open
                deadlines[.ending] = nil
                return startReply(.notReached(reason: "enough people were called"), at: position, &actions)
            }
            return beginTransfer(plan, to: destination, reason, at: position, &actions)
        }
        deadlines[.ending] = position + settings.hangUpDeadline.samples
        isHandingOn = true
        actions.append(.transfer(destination: destination, reason: reason))
    }

    /// Waits for the caller when nothing else is going on.
    ///
    /// - Parameter anew: what they have just done is a sign of them. A cough is not: whoever only coughs is asked again, too.
    mutating func awaitCallerIfIdle(at position: Int, anew: Bool = true) {
        guard reply == nil else { return }
        armCallerWait(at: position, anew: anew)
    }

    private mutating func armCallerWait(at position: Int, anew: Bool = true) {
        guard phase == .open, isConversing else { return }
        let since = anew ? position : silentSince ?? position
        silentSince = since
        // Whoever makes a sound is waited for when it is over.
        guard caller == .silent else { return }
        let wait = expectation.hold.map { $0 * 8000 } ?? settings.silence.samples
        let (end, grace) = (since + wait, Self.waitAfterSound.samples)
        deadlines[.silence] = anew ? end : max(position, min(max(end, position + grace), end + grace))
    }

    /// Who has just coughed may be about to speak; who goes on coughing is not.
    private static let waitAfterSound = Duration.milliseconds(1500)

    private func recordTurn(
        _ turn: Int, _ ledger: UtteranceLedger, heard: String, wasInterrupted: Bool, since: Int, at position: Int,
        _ actions: inout [ConversationAction]
    ) {
        actions.append(
            .note(
                .agentTurn(
                    AgentTurnRecord(
                        turn: turn, planned: ledger.plannedText, heard: heard,
                        wasInterrupted: wasInterrupted, started: since, ended: position))))
    }
}
