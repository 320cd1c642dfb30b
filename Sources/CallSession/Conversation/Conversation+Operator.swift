import Agent

/// What a person at the console does to the call.
extension Conversation {
    /// Why a caller is handed on whom somebody at the console sends.
    package static let operatorSendsOn = "an operator sends the caller on"

    mutating func operated(_ command: OperatorCommand, at position: Int, _ actions: inout [ConversationAction]) {
        switch command {
        case .hangUp: operatorHangsUp(at: position, &actions)
        case .say(let text): operatorSays(text, at: position, &actions)
        case .mute: mute(at: position, &actions)
        case .unmute: unmute(at: position, &actions)
        case .whisper(let text): if phase == .open { actions.append(.whisper(text)) }
        case .pauseRecording: pauseRecording(true, &actions)
        case .resumeRecording: pauseRecording(false, &actions)
        case .transfer(let destination, let words):
            operatorTransfers(to: destination, saying: words, at: position, &actions)
        case .takeOver: takeOver(at: position, &actions)
        case .handBack(let wasLost): handBack(wasLost: wasLost, at: position, &actions)
        }
    }

    /// Also cuts a goodbye short.
    private mutating func operatorHangsUp(at position: Int, _ actions: inout [ConversationAction]) {
        switch phase {
        case .open, .ending: break
        case .waitingForMedia, .ended: return
        }
        interruptReply(at: position, &actions)
        cancelRecognition(&actions)
        hangUp("ended by operator", at: position, &actions)
    }

    private mutating func operatorSays(
        _ text: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        // Two voices at once are none.
        guard phase == .open, !isTakenOver else { return }
        interruptReply(at: position, &actions)
        leaveUnasked(at: position, &actions)
        beginConversing()
        beginOwnReply(at: position)
        speak(text, at: position, &actions)
    }

    /// On the agent's own path: a person who is called while the caller holds the line, or the carrier; whoever cannot be sent on
    /// hears so.
    private mutating func operatorTransfers(
        to destination: String, saying text: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        guard phase == .open, !isTakenOver, !isOnHold else { return }
        interruptReply(at: position, &actions)
        leaveUnasked(at: position, &actions)
        beginConversing()
        beginOwnReply(at: position)
        let reason = Self.operatorSendsOn
        beginEnding(.transfer(destination: destination, reason: reason), reason: reason, at: position, &actions)
        speak(text, at: position, &actions)
    }

    private mutating func pauseRecording(_ isPaused: Bool, _ actions: inout [ConversationAction]) {
        guard isRecordingPaused != isPaused else { return }
        isRecordingPaused = isPaused
        actions.append(isPaused ? .pauseRecording : .resumeRecording)
    }

    private mutating func mute(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, !isMuted else { return }
        isMuted = true
        interruptReply(at: position, &actions)
        // Who is left to talk is not kept waiting for words that do not come.
        if isIntroducing { introduced(at: position, &actions) }
        leaveUnasked(at: position, &actions)
        deadlines[.mute] = position + settings.longestMute.samples
    }

    /// The agent speaks again: at once, unless the caller is speaking.
    private mutating func unmute(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, isMuted else { return }
        isMuted = false
        deadlines[.mute] = nil
        silences = 0
        guard reply == nil, caller == .silent else { return }
        startReply(.callerSilent(count: 1), at: position, &actions)
    }

    /// Whoever muted the agent has forgotten it.
    mutating func muteOverdue(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, isMuted else { return }
        actions.append(
            .note(.incident(kind: "mute", detail: "the agent was muted for \(settings.longestMute); it speaks again")))
        unmute(at: position, &actions)
    }
}
