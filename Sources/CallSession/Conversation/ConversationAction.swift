package import Agent
package import Speech

/// What the reducer wants done. The driver does it and reports back with events; it decides nothing.
package enum ConversationAction: Sendable, Equatable {
    case startRecognition(UtteranceID, context: String)
    /// The caller fell silent; the utterance may be over.
    case pauseRecognition(UtteranceID)
    case resumeRecognition(UtteranceID)
    case finishRecognition(UtteranceID)
    case cancelRecognition(UtteranceID)
    /// Open recognizer and voice anew: the call got stuck with them.
    case reopenSpeech

    /// Ask the dialogue what it would make of these words, and answer with
    /// ``ConversationEvent/previewed(_:text:_:firstSentence:)``. Where they `areWhole`, all that was said until the pause, it may
    /// begin to answer.
    case preview(UtteranceID, CallerTurn, areWhole: Bool)
    /// Have `text` synthesised already: it will probably be the next thing said.
    case prepareSpeech(String)
    /// It will not.
    case discardPreparedSpeech

    case startReply(generation: Int, DialogueInput)
    case cancelReply(generation: Int)
    /// The dialogue must forget what of its last reply was not heard.
    case cutReply(heard: String)
    case synthesize(SegmentID, text: String)
    /// What is synthesised from now on is said by that agent.
    case changeVoice(agent: String)

    /// Send nothing for the moment: the caller may be interrupting.
    case pausePlayout
    case resumePlayout
    /// Drop what the carrier still holds of `generation` and answer with ``ConversationEvent/playoutCleared(generation:heard:)``.
    case clearPlayout(generation: Int)

    /// Tell the dialogue before its next reply what the caller does not hear.
    case whisper(String)
    /// Play what the operator says as utterance `generation`, and let them hear the caller.
    case connectOperator(generation: Int)
    case disconnectOperator(reason: String)

    /// Press these keys once the agent has nothing to say.
    case press(String)
    case transfer(destination: String, reason: String)
    /// Call a person for the caller, who holds the line; what becomes of it comes as ``ConversationEvent/person(_:)``.
    case callPerson(PersonRequest)
    /// End the call with that person, or what was begun of it.
    case endPerson(reason: String)
    /// Keep what both sides say from now on.
    case startRecording
    /// Keep nothing from now on, and of what was kept nothing either where it `deletes`.
    case stopRecording(deletes: Bool)
    /// Keep silence in the place of what is said, until ``resumeRecording``.
    case pauseRecording
    case resumeRecording
    /// End the call at the carrier.
    case hangUp(reason: String)
    /// Something to remember: transcript, metrics, incident.
    case note(CallNote)
}
