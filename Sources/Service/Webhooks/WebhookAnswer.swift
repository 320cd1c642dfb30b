import Foundation

/// What one attempt to deliver came to.
enum WebhookAnswer: Sendable, Equatable {
    /// - Parameters:
    ///   - retryAfter: what the answer asked for.
    ///   - words: the beginning of the answer's body.
    case status(Int, retryAfter: Duration? = nil, words: String = "")
    /// There was no answer.
    case failed(String)
    /// Given up by us, as the service stops; it tells nothing of the endpoint.
    case cancelled
}

/// What follows from an answer.
enum WebhookVerdict: Sendable, Equatable {
    case delivered
    case again(at: Date, reason: String)
    case dead(reason: String)
    /// The endpoint wants nothing any more.
    case gone(reason: String)
    /// As if it had not been tried.
    case untried
}

extension WebhookAnswer {
    /// Why it was no delivery; nil when it was one.
    var fault: String? {
        switch self {
        case .status(200..<300, _, _): nil
        case .status(let status, _, let words) where (300..<400).contains(status):
            "status \(status): redirects are not followed\(words.isEmpty ? "" : ": \(words)")"
        case .status(let status, _, let words): "status \(status)\(words.isEmpty ? "" : ": \(words)")"
        case .failed(let reason): reason
        case .cancelled: "given up, as the service stopped"
        }
    }

    /// Whether it speaks against the endpoint, and not only against this one message.
    var isEndpointsFault: Bool {
        switch self {
        case .status(let status, _, _):
            switch status {
            case 200..<300: false
            case 401, 403, 404, 405, 407, 408, 425, 429: true
            case 400..<500: false
            default: true
            }
        case .failed: true
        case .cancelled: false
        }
    }
}
