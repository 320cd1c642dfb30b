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
    /// A turn of the caller got no answer.
    case unanswered
    /// The agent spoke on though the caller meant to interrupt it.
    case unyielded
    /// The agent fell silent for a sound that was not meant for it.
    case startled
    /// The agent began to speak while the caller was speaking.
    case spokeOver
    /// It used what has a price.
    case priced

    /// Of a row of `calls`.
    func condition(_ dialect: SQLDialect) -> String {
        switch self {
        case .goal: "outcome IS NOT NULL AND outcome NOT IN ('transfer_warm', 'message_left')"
        case .noOutcome: "ended_at IS NOT NULL AND outcome IS NULL"
        case .person: "answerer = 'person'"
        case .talked: "caller_turns > 0"
        case .unanswered: "answered < asked"
        case .unyielded: "yielded < barge_ins"
        case .startled: "tolerated < backchannels"
        case .spokeOver: "over_caller > 0"
        case .priced: "cost IS NOT NULL AND \(dialect.member("total", ofJSON: "cost")) IS NOT NULL"
        }
    }
}
