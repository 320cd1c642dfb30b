package import Agent

/// What becomes of the person who is called for a caller on hold.
package enum PersonEvent: Sendable, Equatable, Codable {
    /// The carrier has taken the call and lets it ring.
    case ringing
    /// Nobody is or will be on that call.
    case failed(reason: String)
    /// Somebody or something has answered; the call with them has that id.
    case answered(call: String)
    /// Who it is.
    case found(Answerer)
    /// They take the caller.
    case accepted
    /// Both lines are joined.
    case joined
    /// Their voice has come over to the caller.
    case heard
    /// They are gone; `wasLost`: by no will of theirs.
    case left(reason: String, wasLost: Bool)
}

/// A person who is to be won for a caller.
package struct PersonRequest: Sendable, Equatable {
    package var destination: String
    /// Why the caller is handed on.
    package var reason: String
    /// What the caller said last.
    package var said: [String]
    package var plan: WarmTransfer
    /// Who has the caller; nil for the agent with which their call began.
    package var agent: String?
}
