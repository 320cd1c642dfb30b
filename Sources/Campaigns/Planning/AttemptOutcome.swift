/// How an attempt ended.
package enum AttemptOutcome: String, Sendable, Codable, CaseIterable {
    /// A person and the agent talked.
    case reached
    /// The person does not want to be called any more.
    case optedOut = "opted_out"
    /// A person answered, and no agent spoke in time.
    case abandoned
    /// A person hung up within ten seconds.
    case hungUpEarly = "hung_up_early"
    /// A machine took the call, and no message was left.
    case machine
    /// A machine took the message, to its end.
    case messageLeft = "message_left"
    /// An assistant heard who calls, and no person came.
    case screened
    /// A menu that led to nobody.
    case menu
    case fax
    case busy
    case noAnswer = "no_answer"
    /// The callee's network or telephone says that this call is not wanted (SIP 603, 607, 608).
    case rejected
    /// The number does not exist, or belongs to somebody else.
    case wrongNumber = "wrong_number"
    /// The carrier could not complete the call, or refused to try.
    case failed
    /// We cancelled it before anybody answered.
    case cancelled
    /// The carrier never had it.
    case notPlaced = "not_placed"

    /// Whether somebody's telephone may have rung: such attempts count against the caps.
    package var counts: Bool { self != .notPlaced }

    /// Whether a person answered.
    package var isLive: Bool {
        switch self {
        case .reached, .optedOut, .abandoned, .hungUpEarly: true
        case .machine, .messageLeft, .screened, .menu, .fax, .busy, .noAnswer, .rejected, .wrongNumber, .failed,
            .cancelled, .notPlaced:
            false
        }
    }

    /// Whether somebody or something took the call, and with it an agent.
    package var isAnswered: Bool {
        switch self {
        case .reached, .optedOut, .abandoned, .hungUpEarly, .machine, .messageLeft, .screened, .menu, .fax: true
        case .busy, .noAnswer, .rejected, .wrongNumber, .failed, .cancelled, .notPlaced: false
        }
    }

    /// Whether something on the carrier's or our side is broken.
    package var isFailure: Bool { self == .failed || self == .abandoned || self == .notPlaced }
}
