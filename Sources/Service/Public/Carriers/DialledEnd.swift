/// How a carrier's dialling for a caller ended.
enum DialledEnd: Sendable, Equatable {
    /// They have talked with somebody.
    case reached
    /// Nobody was there, for this reason, in words that an agent can say.
    case failed(reason: String)

    /// - Parameter status: in Twilio's words or those of others who speak nearly like it.
    init(_ status: String) {
        switch status {
        case "completed", "answered": self = .reached
        case "busy": self = .failed(reason: "the line was busy")
        case "no-answer", "timeout", "unanswered": self = .failed(reason: "nobody answered")
        case "canceled", "cancel", "cancelled": self = .failed(reason: "the call was cancelled")
        case "rejected": self = .failed(reason: "the call was rejected")
        default: self = .failed(reason: "the call could not be completed")
        }
    }
}
