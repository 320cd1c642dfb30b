/// One way to get help for a caller the agent cannot serve.
package enum EscalationStep: Sendable, Equatable {
    /// Say `say`, then hand over to `destination`.
    case transfer(destination: String, say: String)
    /// Let the caller wait for a person.
    case queue(QueueStep)
    /// Promise the caller a call.
    case callback(CallbackStep)
    /// Take a message.
    case voicemail(VoicemailStep)
    /// Say `say`, then continue in `state`; flows only.
    case state(String, say: String)
    /// Say `say`, then hang up.
    case hangUp(say: String)

    /// Whether the path itself talks with the caller in this step, not the agent.
    var isTalk: Bool {
        switch self {
        case .queue, .callback, .voicemail: true
        case .transfer, .state, .hangUp: false
        }
    }

    /// Where it sends the caller; nil for a step that sends them nowhere.
    package var destination: String? {
        switch self {
        case .transfer(let destination, _): destination
        case .queue(let step): step.destination
        case .callback, .voicemail, .state, .hangUp: nil
        }
    }
}

/// Waiting for a person: hold, be told how it stands, and be put through when it is one's turn.
package struct QueueStep: Sendable, Equatable {
    package var destination: String
    package var say: String
    /// Said while the caller waits, of those whose values are known one after the other: `{position}`, `{wait}`.
    package var hold: [Template]
    /// Between two times that the caller hears something, and that the destination is tried.
    package var every: Duration
    /// After that the next step follows.
    package var longest: Duration
    /// Said before the destination is tried.
    package var connecting: String
    /// The key that leads to the next step at once.
    static let skipKey = "1"
}

/// A call that the caller is promised.
package struct CallbackStep: Sendable, Equatable {
    package var say: String
    /// Asks whether the number that they call from is the one to call.
    package var offer: String
    package var askNumber: String
    /// `{number}`
    package var confirm: Template
    /// `{when}`
    package var done: Template
    /// Said when no call can be promised.
    package var sorry: String
    /// From now until the call, where that is lawful.
    package var after: Duration
}

/// A message that the caller leaves.
package struct VoicemailStep: Sendable, Equatable {
    package var say: String
    package var done: String
    /// Said when nothing could be kept.
    package var sorry: String
    /// A silence this long ends the message.
    package var pause: Duration
    package var longest: Duration
}
