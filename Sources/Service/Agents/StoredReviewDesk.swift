package import Agent
package import Foundation
package import Store

/// Files reviews as rows of the store.
package struct StoredReviewDesk: ReviewDesk {
    private let store: Store
    private let webhooks: WebhookRoster
    private let now: @Sendable () -> Date

    /// - Parameter webhooks: who is told of a review.
    package init(
        store: Store, webhooks: WebhookRoster = WebhookRoster(), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.webhooks = webhooks
        self.now = now
    }

    package func file(_ request: ReviewRequest) async throws -> ReviewTicket {
        let now = now()
        let review = try await store.file(
            ReviewDraft(
                idempotencyKey: request.idempotencyKey, callID: request.call.callID, agent: request.agent,
                agentVersion: request.agentVersion, contact: request.call.callerNumber, tool: request.tool,
                arguments: request.arguments.text, reason: request.reason,
                expiresAt: now.addingTimeInterval(request.expiry / .seconds(1))), now: now,
            announcing: { [webhooks] in webhooks.reviewRequested($0) })
        return ReviewTicket(id: review.id)
    }
}
