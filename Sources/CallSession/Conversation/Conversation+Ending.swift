import Agent

/// Silence and the end: both are always on a deadline, and ending is one-way.
extension Conversation {
    /// The reply's last words are a goodbye: from here on nothing the caller says changes the end.
    mutating func beginEnding(
        _ ending: Reply.Ending, reason: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        reply?.ending = ending
        guard phase == .open else { return }
        cancelTransfer(reason, at: position, &actions)
        phase = .ending(reason: reason)
        // Nothing is asked any more.
        expectation.isWithheld = false
        cancelRecognition(&actions)
        carried = nil
        for kind in [Deadlines.Kind.endOfTurn, .keys, .utterance, .recognition, .silence, .answer, .opening] {
            deadlines[kind] = nil
        }
        deadlines[.ending] = position + settings.endingDeadline.samples
        resumePlayout(at: position, &actions)
    }

    mutating func hangUp(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        cancelTransfer(reason, at: position, &actions)
        phase = .ending(reason: reason)
        isHandingOn = false
        deadlines.clearAll()
        deadlines[.ending] = position + settings.hangUpDeadline.samples
        actions.append(.hangUp(reason: reason))
    }

    /// Whoever was promised a person hears that there is none, and the record says so too.
    mutating func transferFailed(_ why: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard isHandingOn, case .ending = phase else { return }
        isHandingOn = false
        actions.append(.note(.incident(kind: "transfer", detail: why)))
        guard settings.takesCallersBack, !isSilenced else { return sayNobodyThere(at: position, &actions) }
        phase = .open
        deadlines[.ending] = nil
        startReply(.notReached(reason: why), at: position, &actions)
        reply?.isAfterFailedTransfer = true
    }

    /// The last thing that a caller hears for whom there is nobody.
    mutating func sayNobodyThere(at position: Int, _ actions: inout [ConversationAction]) {
        let reason = "transfer failed"
        // Whoever was given back may be speaking.
        cancelRecognition(&actions)
        phase = .ending(reason: reason)
        beginOwnReply(at: position)
        reply?.ending = .hangUp(reason: reason)
        deadlines[.ending] = position + settings.endingDeadline.samples
        speak(settings.transferFailed, at: position, &actions)
    }

    /// The goodbye took too long, or the carrier did not hang up.
    mutating func endingOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard case .ending(let reason) = phase else { return }
        actions.append(.note(.incident(kind: "ending", detail: "the call did not end in time")))
        ended(reason, at: position, &actions)
    }

    mutating func silenceOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, reply == nil, isConversing else { return }
        // Nobody has asked the caller anything.
        guard !isSilenced else { return awaitCallerIfIdle(at: position) }
        if isSettlingConsent { return unclear(.silence, at: position, &actions) }
        // Whoever was asked to hold on is not silent.
        if expectation.hold != nil { return startReply(.callerSilent(count: 0), at: position, &actions) }
        silences += 1
        if silences > settings.longestSilenceCount { return hangUp("caller silent", at: position, &actions) }
        startReply(.callerSilent(count: silences), at: position, &actions)
    }

    /// Nobody speaks and nobody is waited for. Each lapse in a row takes a stronger remedy: the caller is asked again; ears and
    /// voice are opened anew; the caller is handed on or let go.
    mutating func livenessLost(at position: Int, _ actions: inout [ConversationAction]) {
        lapses += 1
        let remedy = ["asking the caller again", "opening recognizer and voice anew", "giving the call up"]
        let detail = "silence without a reason; \(remedy[min(lapses, remedy.count) - 1])"
        actions.append(.note(.incident(kind: "liveness", detail: detail)))
        switch phase {
        case .open:
            interruptReply(at: position, &actions)
            cancelRecognition(&actions)
            let end = deadlines[.call]
            deadlines.clearAll()
            deadlines[.call] = end
            isMuted = false
            cancelTransfer("the call was stuck", at: position, &actions)
            releaseOperator("the call was stuck", &actions)
            beginConversing()
            guard lapses < remedy.count else { return giveUp("stuck", at: position, &actions) }
            if lapses > 1 { actions.append(.reopenSpeech) }
            startReply(.callerSilent(count: 1), at: position, &actions)
        case .ending(let reason): ended(reason, at: position, &actions)
        case .waitingForMedia, .ended: break
        }
    }

    /// The call has lasted as long as a call may. A person who has the line is not cut off; it is looked at again later.
    mutating func callOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open else { return }
        guard !isTakenOver else { return deadlines[.call] = position + Self.takenOverGrace.samples }
        let detail = "the call has lasted \(settings.longestCall), the longest allowed"
        actions.append(.note(.incident(kind: "call length", detail: detail)))
        sayFarewell("too long", at: position, &actions)
    }

    private static let takenOverGrace = Duration.seconds(600)

    /// The service stops: say so and hang up.
    mutating func drain(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open else { return }
        releaseOperator("the service stops", &actions)
        sayFarewell("service stopping", at: position, &actions)
    }

    private mutating func sayFarewell(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        interruptReply(at: position, &actions)
        beginOwnReply(at: position)
        beginEnding(.hangUp(reason: reason), reason: reason, at: position, &actions)
        speak(settings.farewell, at: position, &actions)
    }

    mutating func ended(_ reason: String, at position: Int, _ actions: inout [ConversationAction]) {
        if let reply {
            actions.append(.cancelReply(generation: reply.generation))
            if let since = reply.audibleSince {
                interrupted = Interrupted(ledger: ledger, turn: reply.turn, audibleSince: since)
                actions.append(.clearPlayout(generation: reply.generation))
            }
        }
        cancelRecognition(&actions)
        cancelTransfer("the caller hung up", at: position, &actions)
        releaseOperator("the call is over", &actions)
        reply = nil
        voice = .silent
        deadlines.clearAll()
        let final = if case .ending(let decided) = phase { decided } else { reason }
        phase = .ended(reason: final)
        actions.append(.note(.ended(reason: final, samples: position)))
    }

    mutating func cancelRecognition(_ actions: inout [ConversationAction]) {
        switch caller {
        case .speaking(let id, _), .pausing(let id, _, _), .finishing(let id, _, _, _):
            actions.append(.cancelRecognition(id))
        case .silent: break
        }
        caller = .silent
    }

    // MARK: Liveness

    /// Why nobody is heard right now, with the position by which that must change; nil is a fault.
    package var silenceReason: SilenceReason? {
        switch phase {
        case .waitingForMedia, .ended: return SilenceReason(kind: .notOnTheLine, deadline: .max)
        case .open, .ending: break
        }
        if case .speaking = voice, let deadline = deadlines[.playout] {
            return SilenceReason(kind: .agentSpeaks, deadline: deadline)
        }
        for (kind, reason) in Self.reasons {
            if let deadline = deadlines[kind] { return SilenceReason(kind: reason, deadline: deadline) }
        }
        return nil
    }

    private static let reasons: [(Deadlines.Kind, SilenceReason.Kind)] = [
        (.endOfTurn, .callerPauses), (.bargeIn, .agentHoldsItsBreath), (.utterance, .callerSpeaks),
        (.keys, .callerPressesKeys),
        (.recognition, .recognizerWorks), (.reply, .agentThinks), (.silence, .callerToSpeak), (.playout, .agentSpeaks),
        (.opening, .answererToSpeak), (.ending, .callEnds), (.transfer, .callerHolds), (.takeover, .operatorHasTheLine),
        (.mute, .agentIsMuted),
    ]
}

/// A named wait with a deadline.
package struct SilenceReason: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case notOnTheLine, agentSpeaks, agentThinks, agentHoldsItsBreath
        case callerSpeaks, callerPauses, callerPressesKeys, callerToSpeak, recognizerWorks, callEnds
        case answererToSpeak
        case agentIsMuted, operatorHasTheLine, callerHolds
    }

    package let kind: Kind
    /// Samples since the media started.
    package let deadline: Int
}
