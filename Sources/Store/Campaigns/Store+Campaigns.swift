package import Foundation

extension Store {
    /// Stores a new campaign.
    ///
    /// - Throws: ``StoreError`` with `exists` when the name is taken.
    package func createCampaign(_ campaign: CampaignRecord) async throws(StoreError) {
        try await write("create a campaign", campaign.name) { db in
            guard try Self.campaignRow(named: campaign.name, in: db) == nil else {
                throw StoreError(
                    .exists, operation: "create a campaign", subject: campaign.name,
                    detail: "there is a campaign of this name")
            }
            try db.execute(
                sql: """
                    INSERT INTO campaigns (id, name, state, reason, definition, created_at, started_at, changed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    campaign.id, campaign.name, campaign.state.rawValue, campaign.reason, campaign.definition,
                    campaign.createdAt.storedMilliseconds, campaign.startedAt?.storedMilliseconds,
                    campaign.changedAt.storedMilliseconds,
                ])
        }
    }

    /// All campaigns, or those in one state, by name.
    package func campaigns(in state: CampaignRecord.State? = nil) async throws(StoreError) -> [CampaignRecord] {
        try await read("list the campaigns", path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM campaigns WHERE state = coalesce(?, state) ORDER BY name",
                arguments: [state?.rawValue]
            ).map(CampaignRecord.init(row:))
        }
    }

    /// A part of all campaigns, by name.
    ///
    /// - Parameters:
    ///   - limit: 1001 at most; nil for all.
    ///   - includesDials: also those of one call each: which ``CampaignRecord/dialPrefix`` begins, and which callbacks made.
    package func campaigns(
        limit: Int?, after cursor: ListCursor? = nil, includesDials: Bool
    ) async throws(StoreError) -> [CampaignRecord] {
        let (dial, back) = (CampaignRecord.dialPrefix, CallbackRecord.campaignPrefix)
        // Somebody may call a list of theirs as a callback's campaign begins; that one is no callback's.
        let condition =
            includesDials
            ? ""
            : """
            AND substr(name, 1, \(dial.utf8.count)) <> '\(dial)'
            AND NOT (substr(name, 1, \(back.utf8.count)) = '\(back)'
                AND EXISTS (SELECT 1 FROM callbacks WHERE callbacks.id = substr(campaigns.name, \(back.utf8.count + 1))))

            """
        return try await read("list the campaigns", path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM campaigns WHERE name > ? \(condition)ORDER BY name LIMIT ?",
                arguments: [cursor?.id ?? "", limit.map(ListCursor.most) ?? Int.max]
            ).map(CampaignRecord.init(row:))
        }
    }

    package func hasCampaign(named name: String) async throws(StoreError) -> Bool {
        try await read("find a campaign", name) { db in try Self.campaignRow(named: name, in: db) != nil }
    }

    /// - Returns: nil when there is none.
    package func campaign(id: String) async throws(StoreError) -> CampaignRecord? {
        try await read("find a campaign", id) { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM campaigns WHERE id = ?", arguments: [id])
                .map(CampaignRecord.init(row:))
        }
    }

    /// - Throws: ``StoreError`` with `notFound`.
    package func campaign(named name: String) async throws(StoreError) -> CampaignRecord {
        try await read("find a campaign", name) { db in
            guard let row = try Self.campaignRow(named: name, in: db) else {
                throw StoreError(
                    .notFound, operation: "find a campaign", subject: name, detail: "there is no campaign of this name")
            }
            return try CampaignRecord(row: row)
        }
    }

    private static func campaignRow(named name: String, in db: SQLSession) throws -> SQLRow? {
        try SQLRow.fetchOne(db, sql: "SELECT * FROM campaigns WHERE name = ?", arguments: [name])
    }

    /// Moves a campaign from one of `states` to another.
    ///
    /// - Parameter announce: what others are told of it.
    /// - Returns: false when it was in none of them.
    package func moveCampaign(
        id: String, from states: Set<CampaignRecord.State>, to state: CampaignRecord.State, reason: String? = nil,
        at now: Date, announcing announce: @escaping @Sendable () -> [WebhookDraft] = { [] }
    ) async throws(StoreError) -> Bool {
        let marks = states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return try await write("change a campaign", id, durably: true) { db in
            try db.execute(
                sql: """
                    UPDATE campaigns SET state = ?1, reason = ?2, changed_at = ?3,
                        started_at = CASE WHEN ?1 = 'running' THEN coalesce(started_at, ?3) ELSE started_at END
                    WHERE id = ?4 AND state IN (\(marks))
                    """,
                arguments: [state.rawValue, reason, now.storedMilliseconds, id])
            guard db.changesCount == 1 else { return false }
            try Self.announce(announce(), in: db)
            try db.signal(.campaigns)
            return true
        }
    }

    /// How many campaigns are in a state.
    package func campaignCount(in state: CampaignRecord.State) async throws(StoreError) -> Int {
        try await read("count the campaigns", state.rawValue) { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM campaigns WHERE state = ?", arguments: [state.rawValue])
                ?? 0
        }
    }

    /// Deletes contacts, with their attempts, of campaigns that finished before `moment`. The campaigns themselves stay, and so
    /// do consents and the lists of those who must not be called.
    ///
    /// - Parameter limit: so many at most, so that others can write in between.
    /// - Returns: how many were deleted; 0 when there is nothing left to delete.
    package func deleteContacts(
        ofCampaignsFinishedBefore moment: Date, limit: Int = 500
    ) async throws(StoreError) -> Int {
        try await write("delete old contacts", path, durably: true) { db in
            try db.execute(
                sql: """
                    DELETE FROM contacts WHERE id IN (
                        SELECT contacts.id FROM contacts JOIN campaigns ON campaigns.id = contacts.campaign_id
                        WHERE campaigns.state = 'finished' AND campaigns.changed_at < ?1 AND NOT EXISTS (
                            SELECT 1 FROM attempts WHERE attempts.contact_id = contacts.id AND attempts.state <> 'ended'
                        ) LIMIT ?2)
                    """,
                arguments: [moment.storedMilliseconds, limit])
            return db.changesCount
        }
    }

    /// How many contacts are in which state, with which outcome.
    package func contactCounts(campaign id: String) async throws(StoreError) -> [ContactCount] {
        try await read("count the contacts", id) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT state, outcome, count(*) AS number FROM contacts WHERE campaign_id = ?
                    GROUP BY state, outcome ORDER BY state, outcome
                    """,
                arguments: [id]
            ).map { ContactCount(state: try $0.word("state"), outcome: $0["outcome"], number: $0["number"]) }
        }
    }

    /// As ``contactCounts(campaign:)``, of many campaigns by their ids.
    package func contactCounts(campaigns ids: [String]) async throws(StoreError) -> [String: [ContactCount]] {
        try await read("count the contacts", path) { db in
            var counts: [String: [ContactCount]] = [:]
            for part in SQLValues.filled(ids, upTo: 256) {
                let rows = try SQLRow.fetchAll(
                    db,
                    sql: """
                        SELECT campaign_id, state, outcome, count(*) AS number FROM contacts
                        WHERE campaign_id IN (\(part.marks)) GROUP BY campaign_id, state, outcome
                        ORDER BY campaign_id, state, outcome
                        """,
                    arguments: part)
                for row in rows {
                    let campaign: String = row["campaign_id"]
                    counts[campaign, default: []].append(
                        ContactCount(state: try row.word("state"), outcome: row["outcome"], number: row["number"]))
                }
            }
            return counts
        }
    }

    /// As ``attemptCounts(campaign:)``, of many campaigns by their ids.
    package func attemptCounts(campaigns ids: [String]) async throws(StoreError) -> [String: [String?: Int]] {
        try await read("count the attempts", path) { db in
            var counts: [String: [String?: Int]] = [:]
            for part in SQLValues.filled(ids, upTo: 256) {
                let rows = try SQLRow.fetchAll(
                    db,
                    sql: """
                        SELECT campaign_id, outcome, count(*) AS number FROM attempts
                        WHERE campaign_id IN (\(part.marks)) GROUP BY campaign_id, outcome
                        """,
                    arguments: part)
                for row in rows {
                    let (campaign, number): (String, Int) = (row["campaign_id"], row["number"])
                    counts[campaign, default: [:]][row["outcome"] as String?] = number
                }
            }
            return counts
        }
    }

    /// How many contacts have an attempt that ended with one of `outcomes`.
    package func contactCount(
        campaign id: String, withAttempts outcomes: [String]
    ) async throws(StoreError) -> Int {
        try await read("count the contacts", id) { db in
            let marks = SQLValues(outcomes).marks
            return try Int.fetchOne(
                db,
                sql: """
                    SELECT count(DISTINCT contact_id) FROM attempts WHERE campaign_id = ? AND outcome IN (\(marks))
                    """, arguments: [id] + SQLValues(outcomes)) ?? 0
        }
    }

    /// How many attempts ended how, and how many are open (outcome nil).
    package func attemptCounts(campaign id: String) async throws(StoreError) -> [String?: Int] {
        try await read("count the attempts", id) { db in
            let rows = try SQLRow.fetchAll(
                db, sql: "SELECT outcome, count(*) AS number FROM attempts WHERE campaign_id = ? GROUP BY outcome",
                arguments: [id])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["outcome"] as String?, $0["number"] as Int) })
        }
    }

    /// Attempts of a campaign that ended with one of `outcomes` since `moment`.
    package func attemptCount(
        campaign id: String, outcomes: [String], since moment: Date
    ) async throws(StoreError) -> Int {
        try await read("count the attempts", id) { db in
            let marks = SQLValues(outcomes).marks
            return try Int.fetchOne(
                db,
                sql:
                    "SELECT count(*) FROM attempts WHERE campaign_id = ? AND intended_at >= ? AND outcome IN (\(marks))",
                arguments: SQLValues([id]) + [moment.storedMilliseconds] + SQLValues(outcomes)) ?? 0
        }
    }

    /// As ``attemptCount(campaign:outcomes:since:)``, of those whose person waited longer than two seconds for the agent's first
    /// words.
    package func lateAttemptCount(
        campaign id: String, outcomes: [String], since moment: Date
    ) async throws(StoreError) -> Int {
        try await read("count the attempts that were greeted late", id) { db in
            let marks = SQLValues(outcomes).marks
            // The limit stands in the text as in the index, so that an engine sees that it may use that.
            return try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM attempts
                    WHERE campaign_id = ? AND intended_at >= ? AND outcome IN (\(marks)) AND greeting_delay > 16000
                    """,
                arguments: SQLValues([id]) + [moment.storedMilliseconds] + SQLValues(outcomes)) ?? 0
        }
    }

    /// Attempts of a campaign by the hour in which the carrier was asked, the oldest first; hours without any are left out.
    ///
    /// - Parameter live: the outcomes of calls that a person answered.
    package func attemptPace(
        campaign id: String, since moment: Date, live: [String]
    ) async throws(StoreError) -> [AttemptHour] {
        try await read("count the attempts by hour", id) { db in
            let marks = SQLValues(live).marks
            return try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT asked_at / 3600000 AS hour, count(*) AS attempts,
                        sum(CASE WHEN coalesce(outcome, '') IN (\(marks)) THEN 1 ELSE 0 END) AS answered
                    FROM attempts WHERE campaign_id = ? AND asked_at >= ? GROUP BY asked_at / 3600000 ORDER BY 1
                    """,
                arguments: SQLValues(live) + [id] + [moment.storedMilliseconds]
            ).map {
                AttemptHour(
                    begins: Date(storedMilliseconds: ($0["hour"] as Int) * 3_600_000), attempts: $0["attempts"],
                    answered: $0["answered"])
            }
        }
    }
}

/// Contacts that are in the same state with the same outcome.
package struct ContactCount: Sendable, Equatable, Codable {
    package var state: ContactRecord.State
    package var outcome: String?
    package var number: Int
}
