package import Foundation

/// Something that one endpoint is to be told, as it is written beside what it tells of.
package struct WebhookDraft: Sendable, Equatable, Codable {
    /// The same for the same event and endpoint, so that handing it over twice tells it once.
    package var id: String
    /// The endpoint's name in the configuration.
    package var endpoint: String
    /// `call.started`, …
    package var event: String
    /// The call, or the attempt that is to become one: what is told of it is told in order.
    package var stream: String
    /// What it is about: the id of the call, attempt or review.
    package var subject: String
    package var happenedAt: Date

    package init(
        id: String, endpoint: String, event: String, stream: String, subject: String, happenedAt: Date
    ) {
        self.id = id
        self.endpoint = endpoint
        self.event = event
        self.stream = stream
        self.subject = subject
        self.happenedAt = happenedAt
    }
}
