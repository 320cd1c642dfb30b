import Agent

/// Who has the caller, where agents hand over to each other.
extension Conversation {
    /// A colleague has the caller from here on. Whatever became of the reply that said so: the next one is theirs, too, and what
    /// is said without a dialogue.
    mutating func takenOver(by agent: String, _ actions: inout [ConversationAction]) {
        if prepared != nil {
            prepared = nil
            actions.append(.discardPreparedSpeech)
        }
        speaker = agent
        settings.become(agent)
        if let stopped = settings.recording?.stopped { consentTalk?.policy.stopped = stopped }
        actions.append(.changeVoice(agent: agent))
    }
}
