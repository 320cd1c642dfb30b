package import Foundation

extension Store {
    /// Attempts that are told of one person at most.
    package static let attemptsOfContact = 50
    /// Calls that are told of one person at most.
    package static let callsOfContact = 20

    /// Numbers that one statement asks about at most.
    private static let contactsAtOnce = 100

    /// Those of whom something is known, by their numbers.
    ///
    /// - Parameters:
    ///   - secrets: names of facts whose values nobody is found by.
    ///   - after: the number that the page before ended with; empty for the first page.
    ///   - limit: of a page.
    package func knownContacts(
        matching query: ContactQuery, secrets: Set<String> = [], after: String = "", limit: Int
    ) async throws(StoreError) -> [KnownContact] {
        try await read("list contacts", path) { db in
            let dialect = db.dialect
            let conditions: (fact: String, contact: String)
            var values: (fact: SQLValues, contact: SQLValues) = ([after], [after])
            switch query {
            case .everybody: conditions = ("", "")
            case .number(let digits):
                conditions = (" AND \(dialect.contains("contact"))", " AND \(dialect.contains("number"))")
                values = ([after, digits], [after, digits])
            case .text(let text):
                let hidden = SQLValues(secrets.sorted())
                let open = secrets.isEmpty ? "" : " AND name NOT IN (\(hidden.marks))"
                conditions = (
                    " AND \(dialect.contains(dialect.lowered("value")))\(open)",
                    " AND \(dialect.hasValue(json: "variables"))"
                )
                values = ([after, text] + hidden, [after, text])
            }
            let numbers = try String.fetchAll(
                db,
                sql: """
                    SELECT number FROM (
                        SELECT contact AS number FROM contact_facts WHERE contact > ?\(conditions.fact)
                        UNION
                        SELECT number FROM contacts WHERE number > ?\(conditions.contact)
                    ) AS known ORDER BY number LIMIT ?
                    """, arguments: values.fact + values.contact + [limit])
            var known = Dictionary(numbers.map { ($0, KnownContact(number: $0)) }) { first, _ in first }
            for marks in SQLValues.filled(numbers, upTo: Self.contactsAtOnce) {
                for fact in try Self.facts(of: marks, in: db) { known[fact.contact]?.facts.append(fact) }
                for place in try Self.places(of: marks, in: db) { known[place.contact.number]?.places.append(place) }
            }
            return numbers.compactMap { known[$0] }
        }
    }

    /// What is known of one person, whatever spelling of the number it is known under; nothing where nothing is.
    package func contactFile(of number: PersonNumber) async throws(StoreError) -> ContactFile {
        try await read("look up a contact", path) { db in
            let spellings = SQLValues(number.spellings)
            var contact = KnownContact(number: number.e164)
            contact.facts = try Self.facts(of: spellings, in: db)
            contact.places = try Self.places(of: [number.e164], in: db)
            let attempts = try SQLRow.fetchAll(
                db, sql: "SELECT * FROM attempts WHERE number = ? ORDER BY intended_at DESC, id DESC LIMIT ?",
                arguments: [number.e164, Self.attemptsOfContact]
            ).map(AttemptRecord.init(row:))
            let calls = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT id, direction, agent, started_at, outcome FROM calls
                    WHERE caller IN (\(spellings.marks)) OR callee IN (\(spellings.marks))
                    ORDER BY started_at DESC, id DESC LIMIT ?
                    """, arguments: spellings + spellings + [Self.callsOfContact]
            ).map { row in
                ContactFile.Call(
                    id: row["id"], direction: try row.word("direction"), agent: row["agent"],
                    startedAt: Date(storedMilliseconds: row["started_at"]), outcome: row["outcome"])
            }
            return ContactFile(contact: contact, attempts: attempts, calls: calls)
        }
    }

    /// Notes and removes facts of one person at once, all or none. They stay under the spelling of the number that facts are known
    /// under, where there are some, since that is what calls bring.
    ///
    /// - Parameter facts: name → value; nil removes the fact.
    /// - Throws: ``StoreError`` with `rejected` when the contact would have more facts than are kept.
    package func change(
        factsOf number: PersonNumber, _ facts: [String: String?], source: String, at now: Date
    ) async throws(StoreError) {
        try await write("change a contact's facts", path, durably: true) { db in
            let spellings = SQLValues(number.spellings)
            let contact =
                try String.fetchOne(
                    db,
                    sql: """
                        SELECT contact FROM contact_facts WHERE contact IN (\(spellings.marks))
                        ORDER BY noted_at DESC, contact LIMIT 1
                        """, arguments: spellings) ?? number.e164
            for name in facts.keys.sorted() {
                try db.execute(
                    sql: "DELETE FROM contact_facts WHERE contact IN (\(spellings.marks)) AND name = ?",
                    arguments: spellings + [name])
            }
            for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
                guard let value else { continue }
                try Self.note(
                    ContactFact(contact: contact, name: name, value: value, source: source, notedAt: now), in: db)
            }
        }
    }

    private static func facts(of numbers: SQLValues, in db: SQLSession) throws -> [ContactFact] {
        try SQLRow.fetchAll(
            db, sql: "SELECT * FROM contact_facts WHERE contact IN (\(numbers.marks)) ORDER BY name, noted_at DESC",
            arguments: numbers
        ).map(ContactFact.init(row:))
    }

    private static func places(of numbers: SQLValues, in db: SQLSession) throws -> [KnownContact.Place] {
        try SQLRow.fetchAll(
            db,
            sql: """
                SELECT contacts.*, campaigns.name AS campaign_name FROM campaigns
                JOIN contacts ON contacts.campaign_id = campaigns.id
                WHERE contacts.number IN (\(numbers.marks)) ORDER BY campaigns.created_at DESC, contacts.id
                """, arguments: numbers
        ).map { KnownContact.Place(campaign: $0["campaign_name"], contact: try ContactRecord(row: $0)) }
    }
}
