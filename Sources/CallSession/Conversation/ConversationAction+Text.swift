import Agent

extension ConversationAction {
    /// The action in one line, the same for the same action everywhere and always: what the journal keeps, and what a
    /// replay is compared with.
    package var text: String {
        switch self {
        case .startRecognition(let id, let context): "start recognition \(id) \(context)"
        case .pauseRecognition(let id): "pause recognition \(id)"
        case .resumeRecognition(let id): "resume recognition \(id)"
        case .finishRecognition(let id): "finish recognition \(id)"
        case .cancelRecognition(let id): "cancel recognition \(id)"
        case .reopenSpeech: "reopen speech"
        case .preview(let id, let turn, _): "preview \(id) \(turn.number) \(turn.confidence) \"\(turn.text)\""
        case .prepareSpeech(let text): "prepare \"\(text)\""
        case .discardPreparedSpeech: "discard what was prepared"
        case .startReply(let generation, let input): "start reply \(generation) to \(input.text)"
        case .cancelReply(let generation): "cancel reply \(generation)"
        case .cutReply(let heard): "cut reply to \"\(heard)\""
        case .synthesize(let segment, let text): "synthesize \(segment.generation).\(segment.index) \"\(text)\""
        case .changeVoice(let agent): "change voice to \(agent)"
        case .pausePlayout: "pause playout"
        case .resumePlayout: "resume playout"
        case .clearPlayout(let generation): "clear playout \(generation)"
        case .whisper(let text): "whisper \"\(text)\""
        case .connectOperator(let generation): "connect operator \(generation)"
        case .disconnectOperator(let reason): "disconnect operator: \(reason)"
        case .press(let keys): "press \(keys)"
        case .transfer(let destination, let reason): "transfer to \(destination): \(reason)"
        case .callPerson(let person): "call \(person.destination): \(person.reason)"
        case .endPerson(let reason): "end the person's call: \(reason)"
        case .startRecording: "start recording"
        case .stopRecording(let deletes): deletes ? "stop recording and delete" : "stop recording"
        case .pauseRecording: "pause recording"
        case .resumeRecording: "resume recording"
        case .hangUp(let reason): "hang up: \(reason)"
        case .note(let note): "note \(note.text)"
        }
    }
}

extension DialogueInput {
    fileprivate var text: String {
        switch self {
        case .callStarted: "the call's start"
        case .callerSaid(let turn): "turn \(turn.number) \(turn.confidence) \"\(turn.text)\""
        case .callerNotUnderstood: "words not understood"
        case .callerSilent(let count): "silence \(count)"
        case .keysPressed(let keys): "keys \(keys)"
        case .notReached(let reason): "nobody reached: \(reason)"
        }
    }
}

extension CallNote {
    fileprivate var text: String {
        switch self {
        case .callerTurn(let turn):
            "caller turn \(turn.turn) \(turn.started)-\(turn.ended) \(turn.confidence) \(turn.isOutOfTask ? "out of task " : "")\"\(turn.text)\""
        case .callerWords(let turn): "caller words \(turn.turn) \(turn.confidence) \"\(turn.text)\""
        case .understood(let turn, let understanding):
            "understood \(turn) \(understanding.intent) \(understanding.confidence)"
                + understanding.entities.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        case .agentTurn(let turn):
            "agent turn \(turn.turn) \(turn.started)-\(turn.ended) \(turn.wasInterrupted ? "interrupted " : "")\"\(turn.heard)\" of \"\(turn.planned)\""
        case .operatorTurn(let turn):
            "operator turn \(turn.turn) \(turn.words.started)-\(turn.words.ended) \(turn.words.confidence) \"\(turn.words.text)\""
        case .toolStarted(let turn, let tool): "tool started \(turn) \(tool.id) \(tool.name) \(tool.arguments)"
        case .toolFinished(let turn, let tool):
            "tool \(tool.failed ? "failed" : "finished") \(turn) \(tool.id) \(tool.name) \(tool.outcome)"
        case .latency(let parts):
            "latency \(parts.turn) \(parts.endOfTurnWait) \(parts.recognition) \(parts.reply) \(parts.synthesis) \(parts.own)"
        case .expecting(let expectation): "expecting \(expectation.kind.rawValue) \(expectation.context)"
        case .answered(let verdict):
            "answered \(verdict.position) \(verdict.answerer.rawValue) by \(verdict.evidence.rawValue)"
        case .messageLeft: "message left"
        case .consent(let consent):
            "recording \(consent.state.rawValue) \(consent.position) \(consent.evidence?.rawValue ?? "")"
        case .transferred(let outcome): "transferred \(outcome.rawValue)"
        case .interrupted(let turn): "interrupted \(turn)"
        case .speculated(let wasUsed, _): "speculated \(wasUsed)"
        case .incident(let kind, let detail): "incident \(kind): \(detail)"
        case .ended(let reason, let samples): "ended \(samples): \(reason)"
        }
    }
}
