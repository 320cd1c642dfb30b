package import Foundation

/// The outbox: what is to be told, until it is.
extension Store {
    /// Writes drafts in the transaction of what they tell of. One that is there already stays as it is.
    static func announce(_ drafts: [WebhookDraft], in db: SQLSession) throws {
        for draft in drafts {
            try db.execute(
                sql: """
                    INSERT INTO webhook_deliveries (id, endpoint, event, stream, subject, happened_at, state, queued_at,
                        next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?6, ?6) ON CONFLICT (id) DO NOTHING
                    """,
                arguments: [
                    draft.id, draft.endpoint, draft.event, draft.stream, draft.subject,
                    draft.happenedAt.storedMilliseconds,
                ])
        }
        if !drafts.isEmpty { try db.signal(.webhooks) }
    }

    /// Deliveries whose payload is still to be made, in order.
    package func unwrittenWebhooks(limit: Int) async throws(StoreError) -> [WebhookDelivery] {
        try await read("look for events to be told", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM webhook_deliveries WHERE payload IS NULL AND state = 'pending' ORDER BY sequence LIMIT ?
                    """, arguments: [limit]
            ).map(WebhookDelivery.init(row:))
        }
    }

    /// Keeps what will be sent. A payload that is there stays.
    package func keep(payloads: [(id: String, payload: String)]) async throws(StoreError) {
        guard !payloads.isEmpty else { return }
        try await write("keep what is to be told", path) { db in
            for (id, payload) in payloads {
                try db.execute(
                    sql: "UPDATE webhook_deliveries SET payload = ? WHERE id = ? AND payload IS NULL",
                    arguments: [payload, id])
            }
        }
    }

    /// Gives up what has waited for too long.
    ///
    /// - Returns: how many, by endpoint.
    package func expireWebhooks(queuedBefore moment: Date, now: Date) async throws(StoreError) -> [String: Int] {
        let waits = try await read("look for deliveries that are too old", path) { db in
            try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM webhook_deliveries WHERE state = 'pending' AND queued_at < ?)",
                arguments: [moment.storedMilliseconds]) ?? false
        }
        guard waits else { return [:] }
        return try await give(
            up: "state = 'pending' AND queued_at < ?", [moment.storedMilliseconds],
            because: "it was not delivered in time", now: now)
    }

    /// Gives up what waits for an endpoint.
    ///
    /// - Returns: how many.
    @discardableResult
    package func abandonWebhooks(
        endpoint: String, because reason: String, now: Date
    ) async throws(StoreError) -> Int {
        try await give(up: "state = 'pending' AND endpoint = ?", [endpoint], because: reason, now: now)[
            endpoint, default: 0]
    }

    /// What is being sent is left alone until its lease ends.
    private func give(
        up condition: String, _ arguments: SQLValues, because reason: String, now: Date
    ) async throws(StoreError) -> [String: Int] {
        let condition = condition + " AND (leased_until IS NULL OR leased_until <= ?)"
        let arguments = arguments + [now.storedMilliseconds]
        return try await write("give deliveries up", path) { db in
            let counts = try SQLRow.fetchAll(
                db,
                sql: "SELECT endpoint, count(*) AS number FROM webhook_deliveries WHERE \(condition) GROUP BY endpoint",
                arguments: arguments)
            // What the last attempt said stays behind the reason.
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET state = 'dead', finished_at = ?,
                        reason = ? || coalesce('; ' || reason, '') WHERE \(condition)
                    """, arguments: [now.storedMilliseconds, reason] + arguments)
            return Dictionary(uniqueKeysWithValues: counts.map { ($0["endpoint"] as String, $0["number"] as Int) })
        }
    }

    /// Sends a delivery anew, under the same id and with the same payload, behind what waits already.
    ///
    /// - Throws: ``StoreError`` with `notFound`; with `exists` when it waits to be sent anyway.
    package func replay(webhook id: String, now: Date) async throws(StoreError) -> WebhookDelivery {
        try await write("send a delivery again", id, durably: true) { db in
            var delivery = try Self.webhook(id, in: db)
            guard delivery.state != .pending else {
                throw StoreError(
                    .exists, operation: "send a delivery again", subject: id, detail: "it waits to be sent already")
            }
            // A new row, since the place in the outbox is the row's own number.
            try db.execute(sql: "DELETE FROM webhook_deliveries WHERE id = ?", arguments: [id])
            try db.execute(
                sql: """
                    INSERT INTO webhook_deliveries (id, endpoint, event, stream, subject, happened_at, payload, state,
                        queued_at, next_at, replays) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?8, ?8, ?9)
                    """,
                arguments: [
                    delivery.id, delivery.endpoint, delivery.event, delivery.stream, delivery.subject,
                    delivery.happenedAt.storedMilliseconds, delivery.payload, now.storedMilliseconds,
                    delivery.replays + 1,
                ])
            delivery = try Self.webhook(id, in: db)
            try db.signal(.webhooks)
            return delivery
        }
    }

    /// - Throws: ``StoreError`` with `notFound` when there is none.
    package func webhook(id: String) async throws(StoreError) -> WebhookDelivery {
        try await read("look up a delivery", id) { db in try Self.webhook(id, in: db) }
    }

    private static func webhook(_ id: String, in db: SQLSession) throws -> WebhookDelivery {
        guard let row = try SQLRow.fetchOne(db, sql: "SELECT * FROM webhook_deliveries WHERE id = ?", arguments: [id])
        else {
            throw StoreError(.notFound, operation: "look up a delivery", subject: id, detail: "there is none")
        }
        return try WebhookDelivery(row: row)
    }

    /// Deliveries, newest first, without their payloads.
    ///
    /// - Parameters:
    ///   - limit: 1...1000.
    ///   - sequence: ``WebhookPage/next`` of the page before; nil for the newest.
    package func webhooks(
        matching filter: WebhookFilter = WebhookFilter(), limit: Int = 50, after sequence: Int? = nil
    ) async throws(StoreError) -> WebhookPage {
        let limit = min(max(limit, 1), 1000)
        return try await read("list the deliveries", path) { db in
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT sequence, id, endpoint, event, stream, subject, happened_at, NULL AS payload, state, queued_at,
                        next_at, attempts, replays, tried_at, status, reason, finished_at, fence FROM webhook_deliveries
                    WHERE sequence < ?1 AND endpoint = coalesce(?2, endpoint) AND event = coalesce(?3, event)
                        AND state = coalesce(?4, state) AND stream = coalesce(?5, stream)
                    ORDER BY sequence DESC LIMIT ?6
                    """,
                arguments: [
                    sequence ?? .max, filter.endpoint, filter.event, filter.state?.rawValue, filter.callID, limit + 1,
                ])
            let deliveries = try rows.prefix(limit).map(WebhookDelivery.init(row:))
            return WebhookPage(
                deliveries: deliveries, next: rows.count > limit ? deliveries.last.map(\.sequence) : nil)
        }
    }

    /// How the deliveries of these endpoints stand.
    package func webhookStandings(of endpoints: [String]) async throws(StoreError) -> [String: WebhookStanding] {
        try await read("count the deliveries", path) { db in
            var standings: [String: WebhookStanding] = [:]
            for name in endpoints {
                let waiting = try SQLRow.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) AS number, min(happened_at) AS oldest FROM webhook_deliveries
                        WHERE endpoint = ? AND state = 'pending'
                        """, arguments: [name])
                // Each by its index: the outbox keeps what is finished for a month.
                let dead = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM webhook_deliveries WHERE endpoint = ? AND state = 'dead'",
                    arguments: [name])
                let delivered = try Int.fetchOne(
                    db,
                    sql: "SELECT max(finished_at) FROM webhook_deliveries WHERE endpoint = ? AND state = 'delivered'",
                    arguments: [name])
                standings[name] = WebhookStanding(
                    pending: waiting?["number"] ?? 0, dead: dead ?? 0, oldestPending: waiting?.date("oldest"),
                    lastDelivered: delivered.map(Date.init(storedMilliseconds:)))
            }
            return standings
        }
    }

    /// Forgets deliveries that were finished before `moment`.
    ///
    /// - Returns: how many.
    @discardableResult
    package func deleteWebhooks(finishedBefore moment: Date) async throws(StoreError) -> Int {
        try await write("delete old deliveries", path) { db in
            try db.execute(
                sql: "DELETE FROM webhook_deliveries WHERE state <> 'pending' AND finished_at < ?",
                arguments: [moment.storedMilliseconds])
            return db.changesCount
        }
    }

    // MARK: Endpoints that want nothing any more

    package func disableWebhookEndpoint(_ endpoint: DisabledWebhookEndpoint) async throws(StoreError) {
        try await write("disable an endpoint", endpoint.name, durably: true) { db in
            try db.execute(
                sql: """
                    INSERT INTO webhook_endpoints (name, url, reason, disabled_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET url = excluded.url, reason = excluded.reason,
                        disabled_at = excluded.disabled_at
                    """,
                arguments: [endpoint.name, endpoint.url, endpoint.reason, endpoint.disabledAt.storedMilliseconds])
        }
    }

    /// - Returns: whether it was disabled.
    @discardableResult
    package func enableWebhookEndpoint(_ name: String) async throws(StoreError) -> Bool {
        try await write("enable an endpoint", name, durably: true) { db in
            try db.execute(sql: "DELETE FROM webhook_endpoints WHERE name = ?", arguments: [name])
            return db.changesCount == 1
        }
    }

    package func disabledWebhookEndpoints() async throws(StoreError) -> [DisabledWebhookEndpoint] {
        try await read("list the disabled endpoints", path) { db in
            try SQLRow.fetchAll(db, sql: "SELECT * FROM webhook_endpoints ORDER BY name").map {
                DisabledWebhookEndpoint(
                    name: $0["name"], url: $0["url"], reason: $0["reason"],
                    disabledAt: Date(storedMilliseconds: $0["disabled_at"]))
            }
        }
    }
}
