/// The conversation of one step that the path leads itself: waiting in line, a callback, a message. A value: what happened
/// in, what to do out, time an argument.
protocol EscalationTalk: Sendable {
    /// - Parameter now: any clock's, always the same one's.
    mutating func handle(_ event: TalkEvent, at now: Duration) -> [TalkAction]
}

extension EscalationTalk {
    /// As much of a reason as the path's tools take: a model's own words have no end.
    static func short(_ reason: String) -> String { String(reason.prefix(500)) }
}

/// What happens in such a conversation.
enum TalkEvent: Sendable, Equatable {
    case begun
    case said(CallerTurn)
    /// Speech whose words nobody knows.
    case notUnderstood
    /// The wait that was asked for is over, or nobody spoke.
    case silent
    case keys(String)
    /// How it stands in line; nil where nobody keeps one.
    case place(QueuePlace?)
    case notReached(reason: String)
    /// A call was promised, or a message kept.
    case done(JSONValue)
    /// It could not be.
    case failed(reason: String)
}

/// What such a conversation does.
enum TalkAction: Sendable, Equatable {
    case say(String)
    case expect(Expectation)
    /// Ask how it stands in line for `destination`.
    case look(destination: String)
    case leaveLine(destination: String)
    case transfer(destination: String)
    case promise(JSONValue)
    case keep(JSONValue)
    /// The caller was helped.
    case hangUp(reason: String)
    /// The next step of the path follows.
    case fail(reason: String)
}

/// Where a caller stands who waits for a person.
struct QueuePlace: Sendable, Equatable {
    /// From 1.
    var position: Int
    /// Nil while nobody can tell.
    var wait: Duration?
}
