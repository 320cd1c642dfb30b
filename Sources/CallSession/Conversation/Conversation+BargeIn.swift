import Agent
import Speech

/// A caller who speaks over the agent: it holds its breath at once, and what they say decides whether it goes on.
extension Conversation {
    /// The caller began to speak over the agent: hold the breath at once, decide when more is known.
    ///
    /// - Parameter isMeant: they have said what means it.
    mutating func considerBargeIn(
        isMeant: Bool = false, at position: Int, _ actions: inout [ConversationAction]
    ) {
        // Three who are on the line may speak at once.
        guard case .speaking(let since) = voice, phase == .open, isConversing, !isIntroducing else { return }
        guard consentTalk?.isUninterruptible != true else { return }
        let isFirst = consentTalk.map { $0.greeting == generation } ?? (turn == 0 && generation == 1)
        let isGreeting = opening.map { $0.greeting == generation } ?? isFirst
        var protectedUntil = isGreeting ? since + settings.turns.protectedGreeting.samples : since
        if !isMeant, let patience = settings.turns.holdAfter {
            // A sound that is over, and was too short, means nothing.
            guard case .speaking(_, let onset) = caller else { return }
            protectedUntil = max(protectedUntil, onset + patience.samples)
        }
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

    /// - Parameter isOver: the caller pauses.
    mutating func weighBargeIn(
        onset: Int, voiced: Int, isOver: Bool = false, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard voice != .silent else { return }
        let verdict = settings.turns.verdict(
            voiced: voiced, text: interim, isOver: isOver, expecting: expectation.kind,
            mayBeAnswer: mayAnswer(onset: onset))
        switch verdict {
        case .backchannel:
            soundOverAgent = utterance
            return resumePlayout(at: position, &actions)
        case .noise: return resumePlayout(at: position, &actions)
        case .interruption, .undecided: break
        }
        if case .speaking = voice { considerBargeIn(isMeant: verdict == .interruption, at: position, &actions) }
        // The greeting's first words go on whatever is said, and a patient agent until it is meant.
        guard case .held = voice else {
            if settings.turns.holdAfter != nil, case .undecided(let end) = verdict, let due = deadlines[.bargeIn] {
                deadlines[.bargeIn] = min(due, onset + end)
            }
            return
        }
        let patience = onset + TurnDetector.longestWordlessHold.samples
        switch verdict {
        // Dialogue and tools would go on behind the caller's words.
        case .interruption where reply?.isFinished != true: interruptReply(at: position, &actions)
        // The caller hears nothing already. Whether the words are for the agent, their end tells better than their beginning.
        case .interruption: deadlines[.bargeIn] = isOver || position >= patience ? nil : patience
        case .undecided(let end): if !isOver { deadlines[.bargeIn] = onset + end }
        case .backchannel, .noise: break
        }
    }

    /// Whether words that were said over the agent, or into a tool's work, are for the agent: no "mm-hm", and no talk with
    /// somebody else.
    func isForAgent(_ whole: Transcript, onset: Int, lastVoiced: Int) -> Bool {
        if TurnDetector.isBackchannel(whole.text, expecting: expectation.kind), !mayAnswer(onset: onset) {
            return false
        }
        if TurnDetector.isMereSound(voiced: lastVoiced - onset, confidence: whole.confidence) { return false }
        return !(completeness == .beside && isUnderOpinion(whole))
    }

    /// Whether words over the agent wait for what the dialogue thinks of them: the recognizer's last word may be another
    /// than the one that it was asked about, or a less certain one.
    func lacksOpinion(of whole: Transcript) -> Bool {
        guard voice != .silent || isToolRunning, hasOpinions != false else { return false }
        let kind = expectation.kind
        if TurnDetector.isBackchannel(whole.text, expecting: kind)
            || TurnDetector.isHesitation(whole.text, expecting: kind)
        {
            return false
        }
        return completeness == nil || !isUnderOpinion(whole)
    }

    private func isUnderOpinion(_ whole: Transcript) -> Bool {
        underOpinion?.text == whole.text && underOpinion?.confidence == whole.confidence
    }

    /// Whether what began at `onset` can be an answer to what the agent is still saying: a question, nearly all of it heard.
    private func mayAnswer(onset: Int) -> Bool {
        let since: Int
        switch voice {
        case .silent: return false
        case .speaking(let start), .held(let start, _): since = start
        }
        guard let reply, reply.isFinished, ledger.isSynthesized, TurnDetector.takesAgreement(expectation.kind) else {
            return false
        }
        let asks = expectation.kind != .open || ledger.plannedText.hasSuffix("?")
        return asks && ledger.synthesized - (onset - since) <= TurnDetector.answerReach.samples
    }

    /// What the caller has said or pressed ends what the agent says; not what it says to them and somebody else.
    mutating func interruptForCaller(at position: Int, _ actions: inout [ConversationAction]) {
        guard !isIntroducing else { return }
        interruptReply(at: position, &actions)
    }

    mutating func resumePlayout(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .held(let since, let heldFrom) = voice else { return }
        // It speaks on from where it stopped, so it ends later by as long as it was silent.
        voice = .speaking(since: since + position - heldFrom)
        deadlines[.bargeIn] = nil
        armPlayout(at: position)
        actions.append(.resumePlayout)
    }
}
