import Foundation
import Speech
package import Store

/// One event on its way to one endpoint.
struct WebhookView: Encodable, Sendable {
    let id: String
    let endpoint: String
    let event: String
    /// Of the call, or of the attempt that was to become one.
    let callID: String
    /// What it is about: the id of the call, attempt or review.
    let subject: String
    let happenedAt: Date
    let state: WebhookDelivery.State
    let attempts: Int
    let replays: Int
    let queuedAt: Date
    /// When it is tried again at the earliest; absent when it is finished.
    let nextAt: Date?
    let triedAt: Date?
    let status: Int?
    let reason: String?
    let finishedAt: Date?
    /// What is sent, JSON in a text; in lists it is left out.
    let payload: String?

    init(_ delivery: WebhookDelivery) {
        id = delivery.id
        endpoint = delivery.endpoint
        event = delivery.event
        callID = delivery.stream
        subject = delivery.subject
        happenedAt = delivery.happenedAt
        state = delivery.state
        attempts = delivery.attempts
        replays = delivery.replays
        queuedAt = delivery.queuedAt
        nextAt = delivery.state == .pending ? delivery.nextAt : nil
        triedAt = delivery.triedAt
        status = delivery.status
        reason = delivery.reason
        finishedAt = delivery.finishedAt
        payload = delivery.payload
    }
}

/// A page of the outbox.
package struct WebhookPageView: Encodable, Sendable {
    let deliveries: [WebhookView]
    /// For `after`; absent on the last page.
    let next: Int?

    package init(_ page: WebhookPage) {
        deliveries = page.deliveries.map(WebhookView.init)
        next = page.next
    }
}

/// An endpoint, and how its deliveries stand.
struct WebhookEndpointView: Encodable, Sendable {
    enum State: String, Encodable {
        /// Deliveries go out.
        case open
        /// It failed again and again, or asked for a pause.
        case resting
        /// It said that it wants nothing any more.
        case disabled
        /// The configuration says so.
        case off
    }

    let name: String
    /// Without its query.
    let url: String
    let events: [WebhookEvent]
    let state: State
    /// Why it is disabled.
    let reason: String?
    let restsUntil: Date?
    let pending: Int
    let dead: Int
    let oldestPending: Date?
    let lastDelivered: Date?

    init(
        _ name: String, _ endpoint: ParleyConfiguration.Webhooks.Endpoint, lane: WebhookPlanner.Lane?,
        outbox: WebhookStanding, disabled: DisabledWebhookEndpoint?, now: Date
    ) {
        self.name = name
        url = endpoint.address
        events = endpoint.events.events
        let circuit = lane.map { Date(timeIntervalSince1970: $0.circuit.restsUntil / .seconds(1)) } ?? .distantPast
        let rest = max(circuit, lane?.pausedUntil ?? .distantPast)
        let isResting = rest > now || lane.map { $0.circuit.state != .closed } == true
        state = !endpoint.isEnabled ? .off : disabled != nil ? .disabled : isResting ? .resting : .open
        reason = disabled?.reason
        restsUntil = state == .resting ? rest : nil
        pending = outbox.pending
        dead = outbox.dead
        oldestPending = outbox.oldestPending
        lastDelivered = outbox.lastDelivered
    }
}

struct WebhookEndpointListView: Encodable, Sendable {
    let endpoints: [WebhookEndpointView]
}
