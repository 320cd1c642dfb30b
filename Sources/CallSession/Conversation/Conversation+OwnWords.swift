import Agent

/// What is said without a dialogue behind it: apologies, and the last words of an agent that can do no more.
extension Conversation {
    /// Why a caller is handed on for whom the agent can do no more.
    package static let agentFailed = UsualSentence.reasonFailed.text(in: .english)

    /// A reply without a dialogue behind it.
    mutating func beginOwnReply(at position: Int) {
        generation += 1
        ledger = UtteranceLedger(generation: generation)
        reply = Reply(generation: generation, turn: turn, started: position, isFinished: true, isOurs: true)
        deadlines[.silence] = nil
        silentSince = nil
    }

    /// Says something of our own when the dialogue or the voice failed; gives up after too many failures.
    mutating func apologize(at position: Int, _ actions: inout [ConversationAction]) {
        if case .ending(let reason) = phase {
            guard case .transfer(let destination, let why)? = reply?.ending else {
                return hangUp(reason, at: position, &actions)
            }
            // Who is to be handed on is, although it could not be said.
            interruptReply(at: position, &actions)
            return handOn(to: destination, why, at: position, &actions)
        }
        if isIntroducing {
            interruptReply(at: position, &actions)
            return introduced(at: position, &actions)
        }
        if isSettlingConsent { return abandonConsent("it could not be said", at: position, &actions) }
        let isLastResort = reply?.isAfterFailedTransfer == true
        interruptReply(at: position, &actions)
        if isLastResort { return sayNobodyThere(at: position, &actions) }
        failures += 1
        guard failures < settings.failuresUntilEscalation else {
            return giveUp("failed", at: position, &actions)
        }
        beginOwnReply(at: position)
        speak(settings.apology, at: position, &actions)
    }

    /// The agent can do no more for this caller: they are handed on, or let go, with an apology.
    mutating func giveUp(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        interruptReply(at: position, &actions)
        beginOwnReply(at: position)
        if let destination = settings.escalation {
            beginEnding(
                .transfer(destination: destination, reason: Self.agentFailed), reason: reason, at: position, &actions)
        } else {
            beginEnding(.hangUp(reason: reason), reason: reason, at: position, &actions)
        }
        speak(settings.surrender, at: position, &actions)
    }
}
