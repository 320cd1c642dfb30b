/// What a service tells the peer of a media stream. A dialect that has no word for a command writes nothing.
package enum MediaCommand: Sendable, Equatable {
    package enum Speaker: String, Sendable { case caller, agent }

    /// What the agent is doing, for people to see.
    package enum AgentState: String, Sendable { case listening, speaking }

    /// The call begins. `callID` is the service's own id of it.
    case accept(callID: String)
    /// Audio to be played after what was sent before it: in the stream's format, and as long as the dialect's rule says.
    case audio
    /// Tell when everything before it has been played.
    case mark(PlayoutMark)
    /// Drop what has not been played.
    case clear
    /// Send a key down the line: 0...9, A...D, `*` or `#`.
    case key(Character)
    /// What was said; of the caller, the words so far unless `isFinal`.
    case caption(Speaker, text: String, isFinal: Bool)
    case state(AgentState)
    /// The service ends the stream; the socket is closed next.
    case end(reason: String)
}
