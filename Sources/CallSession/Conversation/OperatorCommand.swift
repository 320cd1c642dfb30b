/// What a person at the console does to a call.
package enum OperatorCommand: Sendable, Equatable, Codable {
    /// End the call now.
    case hangUp
    /// Have the agent's voice say this, instead of what it is saying.
    case say(String)
    /// The agent keeps silent until ``unmute``, or for ``ConversationSettings/longestMute``; it still hears the caller.
    case mute
    case unmute
    /// Tell the agent something that the caller does not hear; its next reply takes it into account.
    case whisper(String)
    /// The recording keeps silence in the place of what both sides say, until ``resumeRecording`` or the call's end.
    case pauseRecording
    case resumeRecording
    /// The operator speaks to the caller in the agent's place, until ``handBack(wasLost:)``.
    case takeOver
    /// Send the caller on to `destination`, as the agent would: a telephone number, a SIP address or a place of the agent's.
    /// `saying` is what the caller hears first.
    case transfer(destination: String, saying: String)
    /// The agent has the line again. `wasLost`: the operator's connection broke.
    case handBack(wasLost: Bool)
}
