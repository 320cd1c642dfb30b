package import Foundation

/// One event on its way to one endpoint: a row of the outbox.
package struct WebhookDelivery: Sendable, Equatable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// To be sent, for the first time or again.
        case pending
        /// The endpoint has it.
        case delivered
        /// Given up; ``WebhookDelivery/reason`` says why.
        case dead
    }

    /// Its place in the outbox.
    package var sequence: Int
    /// Sent as `webhook-id`, the same at every attempt.
    package var id: String
    package var endpoint: String
    package var event: String
    /// What is told of one stream is told in order.
    package var stream: String
    package var subject: String
    package var happenedAt: Date
    /// What is sent, byte by byte the same at every attempt; nil until it is made.
    package var payload: String?
    package var state: State
    /// When its time began: with the event, or when it was last sent anew.
    package var queuedAt: Date
    /// Not before.
    package var nextAt: Date
    /// Since ``queuedAt``.
    package var attempts: Int
    /// How often somebody had it sent anew.
    package var replays: Int
    package var triedAt: Date?
    /// Of the last answer.
    package var status: Int?
    /// Why the last attempt failed, or why it was given up.
    package var reason: String?
    package var finishedAt: Date?
    /// Grows with each lease: what came of an attempt under an older one is not kept.
    package var fence: Int

    package init(
        sequence: Int, id: String, endpoint: String, event: String, stream: String, subject: String, happenedAt: Date,
        payload: String? = nil
    ) {
        self.sequence = sequence
        self.id = id
        self.endpoint = endpoint
        self.event = event
        self.stream = stream
        self.subject = subject
        self.happenedAt = happenedAt
        self.payload = payload
        state = .pending
        queuedAt = happenedAt
        nextAt = happenedAt
        attempts = 0
        replays = 0
        fence = 0
    }

    init(row: SQLRow) throws {
        self.init(
            sequence: row["sequence"], id: row["id"], endpoint: row["endpoint"], event: row["event"],
            stream: row["stream"], subject: row["subject"], happenedAt: Date(storedMilliseconds: row["happened_at"]),
            payload: row["payload"])
        state = try row.word("state")
        queuedAt = Date(storedMilliseconds: row["queued_at"])
        nextAt = Date(storedMilliseconds: row["next_at"])
        attempts = row["attempts"]
        replays = row["replays"]
        triedAt = row.date("tried_at")
        status = row["status"]
        reason = row["reason"]
        finishedAt = row.date("finished_at")
        fence = row["fence"]
    }
}

/// Which deliveries a list shows. What is nil does not matter.
package struct WebhookFilter: Sendable, Equatable {
    package var endpoint: String?
    package var event: String?
    package var state: WebhookDelivery.State?
    /// Of this call.
    package var callID: String?

    package init(
        endpoint: String? = nil, event: String? = nil, state: WebhookDelivery.State? = nil, callID: String? = nil
    ) {
        self.endpoint = endpoint
        self.event = event
        self.state = state
        self.callID = callID
    }
}

/// One page of the outbox.
package struct WebhookPage: Sendable, Equatable {
    /// Newest first, without their payloads.
    package var deliveries: [WebhookDelivery]
    /// What the next page begins after; nil on the last one.
    package var next: Int?
}

/// How an endpoint's deliveries stand.
package struct WebhookStanding: Sendable, Equatable {
    package var pending: Int
    package var dead: Int
    /// When the event of the oldest one that waits happened.
    package var oldestPending: Date?
    package var lastDelivered: Date?

    package init(pending: Int = 0, dead: Int = 0, oldestPending: Date? = nil, lastDelivered: Date? = nil) {
        self.pending = pending
        self.dead = dead
        self.oldestPending = oldestPending
        self.lastDelivered = lastDelivered
    }
}

/// An endpoint that wants nothing any more.
package struct DisabledWebhookEndpoint: Sendable, Equatable {
    package var name: String
    /// What it was reached at; another address is another endpoint.
    package var url: String
    package var reason: String
    package var disabledAt: Date

    package init(name: String, url: String, reason: String, disabledAt: Date) {
        self.name = name
        self.url = url
        self.reason = reason
        self.disabledAt = disabledAt
    }
}
