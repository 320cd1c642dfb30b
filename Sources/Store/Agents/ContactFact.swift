package import Foundation

/// Something known of a contact across calls.
package struct ContactFact: Sendable, Equatable, Codable {
    /// The telephone number.
    package var contact: String
    package var name: String
    package var value: String
    /// Who said so: an agent and its call.
    package var source: String
    package var notedAt: Date

    package init(contact: String, name: String, value: String, source: String, notedAt: Date) {
        self.contact = contact
        self.name = name
        self.value = value
        self.source = source
        self.notedAt = notedAt
    }

    init(row: SQLRow) {
        self.init(
            contact: row["contact"], name: row["name"], value: row["value"], source: row["source"],
            notedAt: Date(storedMilliseconds: row["noted_at"]))
    }
}

extension Store {
    /// Facts of one contact that are kept at most.
    package static let factsPerContact = 100

    /// Everything known of a contact, by name.
    package func facts(of contact: String) async throws(StoreError) -> [ContactFact] {
        try await read("look up a contact's facts", path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM contact_facts WHERE contact = ? ORDER BY name", arguments: [contact]
            ).map(ContactFact.init(row:))
        }
    }

    /// Notes a fact; the newest of a name stands.
    ///
    /// - Throws: ``StoreError`` with `rejected` when the contact has as many facts as are kept.
    package func note(_ fact: ContactFact) async throws(StoreError) {
        try await write("note a contact's fact", path, durably: true) { db in try Self.note(fact, in: db) }
    }

    static func note(_ fact: ContactFact, in db: SQLSession) throws {
        let known =
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM contact_facts WHERE contact = ? AND name <> ?",
                arguments: [fact.contact, fact.name]) ?? 0
        guard known < Self.factsPerContact else {
            throw StoreError(
                .rejected, operation: "note a contact's fact", subject: fact.name,
                detail: "the contact has \(known) facts already")
        }
        try db.execute(
            sql: """
                INSERT INTO contact_facts (contact, name, value, source, noted_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (contact, name) DO UPDATE SET value = excluded.value, source = excluded.source,
                    noted_at = excluded.noted_at
                """,
            arguments: [fact.contact, fact.name, fact.value, fact.source, fact.notedAt.storedMilliseconds])
    }
}
