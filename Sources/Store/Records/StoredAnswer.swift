package import Foundation

/// What a request was answered, to be answered again.
package struct StoredAnswer: Sendable, Equatable {
    /// Of HTTP.
    package var status: Int
    /// Of the body; nil without one.
    package var type: String?
    package var location: String?
    package var body: Data

    package init(status: Int, type: String?, location: String? = nil, body: Data) {
        self.status = status
        self.type = type
        self.location = location
        self.body = body
    }
}

/// What is known of a request's key.
package enum IdempotencyClaim: Sendable, Equatable {
    /// Nobody has used it: do it, then ``Store/settle(idempotencyKey:of:answer:)``.
    case mine
    /// It was done, and answered so.
    case answered(StoredAnswer)
    /// It is being done, since then; or it was when the process ended.
    case underWay(since: Date)
    /// The key came with another request.
    case another
}
