package import Foundation

extension Store {
    /// Adds contacts to a campaign in one transaction. A number that the campaign has already is left as it is.
    ///
    /// - Returns: the indices of those left out.
    package func addContacts(
        _ contacts: [NewContact], toCampaign id: String, at now: Date
    ) async throws(StoreError) -> [Int] {
        try await write("add contacts", id) { db in
            var left: [Int] = []
            for part in SQLValues.portions(contacts.count) {
                var added = try Self.insert(contacts[part], campaign: id, at: now, in: db)
                // The first one of a number is the one that is there; numbers come back in any order.
                left += part.filter { added.remove(contacts[$0].number) == nil }
                try ConsentRecord.store(contacts[part].compactMap(\.consent), in: db)
            }
            // A campaign that had nobody left has somebody again.
            if left.count < contacts.count {
                try db.execute(
                    sql:
                        "UPDATE campaigns SET state = 'paused', reason = 'contacts were added' WHERE id = ? AND state = 'finished'",
                    arguments: [id])
            }
            return left
        }
    }

    /// - Returns: the numbers that were not there before.
    private static func insert(
        _ contacts: ArraySlice<NewContact>, campaign id: String, at now: Date, in db: SQLSession
    ) throws -> Set<String> {
        var values: [any SQLConvertible] = []
        for contact in contacts {
            values += [
                id, contact.number, contact.line, contact.region, contact.timeZone,
                try StoredJSON.text(contact.variables), now.storedMilliseconds, now.storedMilliseconds,
            ]
        }
        let rows = contacts.map { _ in "(?, ?, ?, ?, ?, ?, 'waiting', ?, ?)" }.joined(separator: ", ")
        return Set(
            try String.fetchAll(
                db,
                sql: """
                    INSERT INTO contacts (campaign_id, number, line, region, time_zone, variables, state, next_at, changed_at)
                    VALUES \(rows) ON CONFLICT (campaign_id, number) DO NOTHING RETURNING number
                    """,
                arguments: SQLValues(values)))
    }

    /// Contacts whose next attempt is planned for `now` or before, the longest waiting first.
    package func dueContacts(campaign id: String, now: Date, limit: Int) async throws(StoreError) -> [ContactRecord] {
        try await read("find whom to call", id) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT * FROM contacts WHERE campaign_id = ? AND state = 'waiting' AND next_at <= ?
                    ORDER BY next_at, id LIMIT ?
                    """,
                arguments: [id, now.storedMilliseconds, limit]
            ).map(ContactRecord.init(row:))
        }
    }

    /// Contacts of a campaign by id, from the one after `id` on.
    package func contacts(
        campaign: String, after id: Int = 0, limit: Int = 1000
    ) async throws(StoreError) -> [ContactRecord] {
        try await read("list the contacts", campaign) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM contacts WHERE campaign_id = ? AND id > ? ORDER BY id LIMIT ?",
                arguments: [campaign, id, limit]
            ).map(ContactRecord.init(row:))
        }
    }

    /// - Throws: ``StoreError`` with `notFound`.
    package func contact(campaign: String, number: String) async throws(StoreError) -> ContactRecord {
        try await read("find a contact", campaign) { db in
            guard
                let row = try SQLRow.fetchOne(
                    db, sql: "SELECT * FROM contacts WHERE campaign_id = ? AND number = ?",
                    arguments: [campaign, number])
            else {
                throw StoreError(
                    .notFound, operation: "find a contact", subject: campaign,
                    detail: "the campaign has no contact with this number")
            }
            return try ContactRecord(row: row)
        }
    }

    package func contact(id: Int) async throws(StoreError) -> ContactRecord? {
        try await read("find a contact", "\(id)") { db in
            try SQLRow.fetchOne(db, sql: "SELECT * FROM contacts WHERE id = ?", arguments: [id])
                .map(ContactRecord.init(row:))
        }
    }

    /// What the gate said about a contact that is not called now.
    package struct Postponement: Sendable {
        package var contact: Int
        /// When to look at it again; nil when it is done.
        package var until: Date?
        package var outcome: String?
        package var decision: String

        package init(contact: Int, until: Date?, outcome: String?, decision: String) {
            self.contact = contact
            self.until = until
            self.outcome = outcome
            self.decision = decision
        }
    }

    /// Puts contacts that wait off, or ends them, in one transaction. Those that do not wait any more stay as they are.
    ///
    /// - Returns: how many were put off or ended.
    @discardableResult
    package func postpone(_ postponements: [Postponement], at now: Date) async throws(StoreError) -> Int {
        guard !postponements.isEmpty else { return 0 }
        return try await write("put off contacts", "\(postponements.count) contacts") { db in
            var count = 0
            for one in postponements {
                try db.execute(
                    sql: """
                        UPDATE contacts SET state = CASE WHEN ?1 IS NULL THEN 'done' ELSE 'waiting' END,
                            next_at = coalesce(?1, next_at), outcome = coalesce(?2, outcome), decision = ?3,
                            changed_at = ?4 WHERE id = ?5 AND state = 'waiting'
                        """,
                    arguments: [
                        one.until?.storedMilliseconds, one.outcome, one.decision, now.storedMilliseconds, one.contact,
                    ])
                count += db.changesCount
            }
            return count
        }
    }

    /// Promises a contact to call at `moment`, in place of what was promised before.
    package func promise(contact id: Int, callAt moment: Date, at now: Date) async throws(StoreError) {
        try await write("promise a call", "\(id)", durably: true) { db in
            try db.execute(
                sql: "UPDATE contacts SET callback_at = ?, changed_at = ? WHERE id = ?",
                arguments: [moment.storedMilliseconds, now.storedMilliseconds, id])
        }
    }

    /// Whether a campaign still has somebody to call.
    package func hasOpenContacts(campaign id: String) async throws(StoreError) -> Bool {
        try await read("look for open contacts", id) { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM contacts WHERE campaign_id = ? AND state <> 'done')",
                arguments: [id]) ?? false
        }
    }
}
