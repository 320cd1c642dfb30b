import Speech
import Telephony

/// The agent speaks to two who are joined: its words go beside the playout queue, into the audio of either.
extension CallSession {
    /// Takes audio of an introduction.
    ///
    /// - Returns: false where both are not joined: then it is said like anything else.
    func speakOver(_ chunk: [UInt8], of segment: SegmentID) -> Bool {
        guard operatorLine != nil, conversation.isIntroducing else { return false }
        if voiceOver?.generation != segment.generation { voiceOver = VoiceOver(generation: segment.generation) }
        let taken = voiceOver?.add(chunk) ?? 0
        if taken > 0 { note(taken, of: segment) }
        return true
    }

    /// What whoever has the line hears: the caller, and the agent where it speaks to both.
    func passOn(_ audio: [UInt8]) {
        guard let leg = operatorLine?.leg else { return }
        guard voiceOver != nil else { return leg.hear(audio) }
        mixed.removeAll(keepingCapacity: true)
        mixed.append(contentsOf: audio)
        voiceOver?.mixForPerson(into: &mixed)
        leg.hear(mixed)
    }

    /// Tells the reducer how far the introduction has come, once every beat.
    func followVoiceOver(at now: Int) {
        guard let over = voiceOver, over.hasBegun else { return }
        if !over.isTold {
            voiceOver?.isTold = true
            deliver(.playoutStarted(generation: over.generation))
        }
        guard over.isOver, conversation.isFullySpoken(over.generation) else { return }
        let queued = services.playout.capacity - playout.free
        let end = over.end ?? now + queued + playout.ahead(at: now)
        voiceOver?.end = end
        guard now >= end else { return }
        voiceOver = nil
        tellSynthesized()
        deliver(.playoutDrained(generation: over.generation, heard: over.heardByCaller))
    }

    /// Ends it in the middle of a word.
    ///
    /// - Returns: whether it was an introduction that was to be ended.
    func cutVoiceOver(_ generation: Int) -> Bool {
        guard let over = voiceOver, over.generation == generation else { return false }
        voiceOver = nil
        let unheard = min(services.playout.capacity - playout.free + playout.ahead(at: position), over.heardByCaller)
        speaking?.cutReply(heard: over.heardByCaller - unheard)
        deliver(.playoutCleared(generation: generation, heard: over.heardByCaller - unheard))
        return true
    }
}
