/// What a call may have that is counted, and that a list of calls can be asked for.
package enum CallFeature: String, Sendable, CaseIterable {
    /// The agent did what it was called for: a tool that changes the world succeeded, other than putting through and
    /// leaving a message.
    case goal
    /// It is over, and nothing was done.
    case noOutcome
    /// A call that we placed was answered by a person.
    case person
    /// The caller said something.
    case talked
    /// A turn of the caller wanted an answer.
    case asked
    /// A turn of the caller got no answer.
    case unanswered
    /// The caller meant to interrupt the agent.
    case interrupted
    /// The agent spoke on though the caller meant to interrupt it.
    case unyielded
    /// There was a sound over the agent that was not meant for it.
    case backchannels
    /// The agent fell silent for a sound that was not meant for it.
    case startled
    /// The agent began to speak.
    case agentSpoke
    /// The agent began to speak while the caller was speaking.
    case spokeOver
    /// Somebody was on it who was helped, or brought to a person.
    case retained
    /// Somebody was on it who hung up before the first answer, or whom a fault cut off.
    case lost
    /// It is over, and nobody said why.
    case noEndReason
    /// It used what has a price.
    case priced

    /// Of a row of `calls`.
    func condition(_ dialect: SQLDialect) -> String {
        switch self {
        case .goal: "outcome IS NOT NULL AND outcome NOT IN ('transfer_warm', 'message_left')"
        case .noOutcome: "ended_at IS NOT NULL AND outcome IS NULL"
        case .person: "answerer = 'person'"
        case .talked: "caller_turns > 0"
        case .asked: "asked > 0"
        case .unanswered: "answered < asked"
        case .interrupted: "barge_ins > 0"
        case .unyielded: "yielded < barge_ins"
        case .backchannels: "backchannels > 0"
        case .startled: "tolerated < backchannels"
        case .agentSpoke: "agent_starts > 0"
        case .spokeOver: "over_caller > 0"
        case .retained: "resolution IN ('contained', 'transferred')"
        case .lost: "resolution IN ('abandoned', 'failed')"
        case .noEndReason: "ended_at IS NOT NULL AND end_reason IS NULL"
        case .priced: "cost IS NOT NULL AND \(dialect.member("total", ofJSON: "cost")) IS NOT NULL"
        }
    }
}
