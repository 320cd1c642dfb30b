/// What a person at the console does to a call.
package enum OperatorCommand: Sendable, Equatable, Codable {
    /// End the call now.
    case hangUp
    /// Have the agent's voice say this, instead of what it is saying.
    case say(String)
    /// The agent keeps silent until ``unmute``, or for ``ConversationSettings/longestMute``; it still hears the caller.
    case mute
    case unmute
}
