package import Foundation

/// Who sends what: each delivery by one node at a time, those of a stream one after the other.
extension Store {
    /// Due, written, nobody's, and nothing of its stream waits before it or is under way.
    ///
    /// Transactions that overlap may be committed in another order than their rows are numbered, so that something earlier
    /// of a stream may appear while something later of it is being sent; it waits for that.
    private static let due = """
        SELECT own.* FROM webhook_deliveries AS own WHERE own.endpoint = ?1 AND own.state = 'pending'
            AND own.next_at <= ?2 AND own.payload IS NOT NULL
            AND (own.leased_until IS NULL OR own.leased_until <= ?2)
            AND NOT EXISTS (
                SELECT 1 FROM webhook_deliveries AS other WHERE other.endpoint = ?1
                AND other.state = 'pending' AND other.stream = own.stream AND other.sequence <> own.sequence
                AND (other.sequence < own.sequence OR other.leased_until > ?2))
        ORDER BY own.sequence LIMIT ?3
        """

    /// What may be sent to an endpoint now, in order.
    package func dueWebhooks(
        endpoint: String, now: Date, limit: Int
    ) async throws(StoreError) -> [WebhookDelivery] {
        try await read("look for deliveries that are due", endpoint) { db in
            try SQLRow.fetchAll(db, sql: Self.due, arguments: [endpoint, now.storedMilliseconds, limit])
                .map(WebhookDelivery.init(row:))
        }
    }

    /// Takes what may be sent to an endpoint now, in order: nobody else gets it before `until`.
    ///
    /// - Parameter owner: the node.
    package func leaseWebhooks(
        endpoint: String, owner: String, now: Date, until: Date, limit: Int
    ) async throws(StoreError) -> [WebhookDelivery] {
        // Most of the time there is nothing, and readers are in nobody's way.
        guard try await !dueWebhooks(endpoint: endpoint, now: now, limit: 1).isEmpty else { return [] }
        return try await write("lease deliveries", endpoint) { db in
            let rows = try SQLRow.fetchAll(
                db, sql: Self.due + "\n" + db.dialect.skippingLocked,
                arguments: [endpoint, now.storedMilliseconds, limit])
            return try rows.map { row in
                var delivery = try WebhookDelivery(row: row)
                delivery.fence += 1
                try db.execute(
                    sql: """
                        UPDATE webhook_deliveries SET leased_by = ?, leased_until = ?, fence = ? WHERE sequence = ?
                        """, arguments: [owner, until.storedMilliseconds, delivery.fence, delivery.sequence])
                return delivery
            }
        }
    }

    /// Keeps what an attempt came to, and ends its lease. Nothing is kept of a delivery that was given up, sent anew or leased
    /// to another node meanwhile.
    ///
    /// - Returns: whether it was kept.
    @discardableResult
    package func settle(webhook delivery: WebhookDelivery) async throws(StoreError) -> Bool {
        try await write("keep what a delivery came to", delivery.id) { db in
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET state = ?, next_at = ?, attempts = ?, tried_at = ?, status = ?,
                        reason = ?, finished_at = ?, leased_by = NULL, leased_until = NULL
                    WHERE sequence = ? AND fence = ? AND state = 'pending'
                    """,
                arguments: [
                    delivery.state.rawValue, delivery.nextAt.storedMilliseconds, delivery.attempts,
                    delivery.triedAt?.storedMilliseconds, delivery.status, delivery.reason,
                    delivery.finishedAt?.storedMilliseconds, delivery.sequence, delivery.fence,
                ])
            return db.changesCount == 1
        }
    }

    /// Gives a lease back, as if the delivery had not been taken.
    package func release(webhook delivery: WebhookDelivery) async throws(StoreError) {
        try await write("give a delivery back", delivery.id) { db in
            try db.execute(
                sql:
                    "UPDATE webhook_deliveries SET leased_by = NULL, leased_until = NULL WHERE sequence = ? AND fence = ?",
                arguments: [delivery.sequence, delivery.fence])
        }
    }

    /// Ends the leases of a node that is no more.
    ///
    /// - Parameter owner: nil for those of every node.
    /// - Returns: how many.
    @discardableResult
    package func freeWebhooks(leasedBy owner: String?) async throws(StoreError) -> Int {
        try await write("free the leases of a node", owner ?? path) { db in
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET leased_by = NULL, leased_until = NULL, fence = fence + 1
                    WHERE leased_by = coalesce(?, leased_by)
                    """, arguments: [owner])
            return db.changesCount
        }
    }
}
