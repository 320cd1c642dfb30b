import Agent
import Speech

/// A turn that is answered by whoever heard it, before anybody has written down what was said.
struct WordlessTurn: Sendable, Equatable {
    let utterance: UtteranceID
    /// Without a text until the words are known.
    var record: CallerTurnRecord
}

/// Engines that hear and answer at once: the turn does not wait for its words, and the words find their turn.
extension Conversation {
    /// The utterance is with whoever answers. Where it is still open whether it is a turn at all, its words are waited for.
    mutating func turnTaken(_ id: UtteranceID, at position: Int, _ actions: inout [ConversationAction]) {
        guard case .finishing(id, let onset, let lastVoiced, let requested) = caller, phase == .open else { return }
        // Over the agent the words decide for whom they were; a menu's or a machine's are no turn.
        guard voice == .silent, !isToolRunning, opening == nil, !isSilenced, carried == nil, undecided == nil,
            lastVoiced - onset >= settings.turns.shortestUtterance.samples, !isSettlingConsent
        else { return }
        endUtterance()
        turn += 1
        clock = TurnClock(turn: turn, lastVoiced: lastVoiced, finishRequested: requested, transcribed: position)
        let record = CallerTurnRecord(
            turn: turn, text: "", confidence: 0, isOutOfTask: false, started: onset, ended: lastVoiced)
        wordless.append(WordlessTurn(utterance: id, record: record))
        if wordless.count > Self.mostWordless { wordless.removeFirst() }
        actions.append(.note(.callerTurn(record)))
        silences = 0
        lapses = 0
        interruptReply(at: position, &actions)
        startReply(.callerSaid(CallerTurn(number: turn, text: "", confidence: 0)), at: position, &actions)
    }

    /// Turns whose words may still come; those of older ones are lost.
    private static let mostWordless = 8

    /// - Returns: whether the words are those of a turn that has been answered without them, or older: no later turn may
    ///   begin with them.
    mutating func takeLateWords(
        _ transcript: Transcript, at position: Int, _ actions: inout [ConversationAction]
    ) -> Bool {
        guard isWordless(transcript.utterance) else { return false }
        guard let index = wordless.firstIndex(where: { $0.utterance == transcript.utterance }),
            wordless[index].record.text.isEmpty
        else { return true }
        var late = wordless[index]
        late.record.text = transcript.text
        late.record.confidence = transcript.confidence
        wordless[index] = late
        actions.append(.note(.callerWords(late.record)))
        consentTakesLate(late.record.text, at: position, &actions)
        return true
    }

    /// Whether nothing waits for the words of `id`: it, or one after it, is answered already.
    func isWordless(_ id: UtteranceID) -> Bool { wordless.last.map { id <= $0.utterance } ?? false }
}
