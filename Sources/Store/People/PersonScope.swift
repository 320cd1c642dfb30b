import Foundation

/// The ids of what is a person's, found once.
struct PersonScope: Sendable {
    let number: PersonNumber
    private(set) var calls: [String] = []
    private(set) var appointments: [String] = []
    private(set) var messages: [String] = []
    private(set) var runs: [String] = []
    private(set) var attempts: [String] = []
    /// Those that were made for a call to this person alone.
    private(set) var campaigns: [String] = []

    init(_ number: PersonNumber, in db: SQLSession) throws {
        self.number = number
        let spellings = try StoredJSON.text(number.spellings)
        let numbers = "(SELECT value FROM \(db.dialect.elements(ofJSON: "?1", as: "own")))"
        let tried = try SQLRow.fetchAll(
            db, sql: "SELECT id, call_id FROM attempts WHERE number IN \(numbers) ORDER BY id", arguments: [spellings])
        attempts = tried.map { $0["id"] }
        let found = try String.fetchAll(
            db, sql: Self.callsOfPerson(db.dialect),
            arguments: [spellings, try StoredJSON.text(Self.addresses(number))])
        calls = found + tried.compactMap { $0["call_id"] as String? }.filter { !found.contains($0) }
        // Whoever was asked to take them over was told about them on a call of their own. Where the process did not live to write
        // what came of it, the arguments name that call.
        for column in ["outcome", "arguments"] {
            let told = try String.fetchAll(
                db,
                sql: """
                    SELECT \(db.dialect.member("person_call", ofJSON: column)) FROM tools
                    WHERE name = 'transfer_warm' AND \(column) LIKE '%"person_call":%'
                    AND call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?1", as: "kept")))
                    """, arguments: [try StoredJSON.text(calls)])
            calls += told.filter { !calls.contains($0) }
        }
        let all = try StoredJSON.text(calls)
        let own = "(SELECT value FROM \(db.dialect.elements(ofJSON: "?2", as: "kept")))"
        let long = try StoredJSON.text(number.unmistakable)
        runs = try String.fetchAll(
            db,
            sql: """
                SELECT id FROM team_runs WHERE call_id IN \(own) OR EXISTS (
                    SELECT 1 FROM \(db.dialect.elements(ofJSON: "?1", as: "own"))
                    WHERE dial LIKE '%' || own.value || '%' OR variables LIKE '%' || own.value || '%')
                """, arguments: [long, all])
        campaigns = try String.fetchAll(
            db,
            sql: """
                SELECT id FROM campaigns WHERE (name LIKE 'dial-%' OR name LIKE 'callback-%')
                AND EXISTS (SELECT 1 FROM contacts WHERE campaign_id = campaigns.id AND number IN \(numbers))
                AND NOT EXISTS (SELECT 1 FROM contacts WHERE campaign_id = campaigns.id AND number NOT IN \(numbers))
                """, arguments: [spellings])
        appointments = try written("appointments", spellings, in: db) + booked("book", all, in: db)
        messages = try written("messages", spellings, in: db) + booked("message", all, in: db)
    }

    /// What belongs to some calls, whoever was on them.
    private init(ofCalls calls: [String], in db: SQLSession) throws {
        number = .none
        self.calls = calls
        let own = try StoredJSON.text(calls)
        runs = try String.fetchAll(
            db,
            sql: """
                SELECT id FROM team_runs
                WHERE call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                """, arguments: [own])
        appointments = try booked("book", own, in: db)
        messages = try booked("message", own, in: db)
    }

    /// What there is of people of whom nothing is known any more but calls that an erasure took: of each number that was
    /// certainly theirs, and of the calls.
    ///
    /// Whoever called was the person, and whoever a campaign called. Any other call that was placed may have been one to a
    /// colleague, who was told of the person.
    static func all(ofErased calls: [String], in db: SQLSession) throws -> [PersonScope] {
        let ends = try String.fetchSet(
            db,
            sql: """
                SELECT caller FROM calls WHERE direction = 'inbound'
                    AND id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?1", as: "own")))
                UNION SELECT number FROM attempts
                    WHERE call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?1", as: "own")))
                """, arguments: [try StoredJSON.text(calls)])
        let people = try Set(ends.compactMap(Self.international)).sorted().map { number in
            try PersonScope(PersonNumber(e164: number), in: db)
        }
        return try people + [PersonScope(ofCalls: calls, in: db)]
    }

    /// The number of a caller in its one form, also from an address; nil where the country is not known.
    private static func international(_ party: String) -> String? {
        let user = party.prefix { $0 != "@" }
        let number = user.lowercased().hasPrefix("sip:") ? user.dropFirst(4) : user
        let digits = number.dropFirst()
        guard number.first == "+", (7...15).contains(digits.count),
            digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return String(number)
    }

    /// The ids of calls whose other end is one of the numbers of the list `?1`, or an address that begins as one of the list
    /// `?2` does. The other number of a call is ours. Each part goes by an index.
    static func callsOfPerson(_ dialect: SQLDialect) -> String {
        let parts = [("inbound", "caller"), ("outbound", "callee")].flatMap { direction, party in
            [
                """
                SELECT calls.id AS id, calls.started_at AS started_at
                FROM \(dialect.elements(ofJSON: "?1", as: "own")) CROSS JOIN calls
                WHERE calls.\(party) = own.value AND calls.direction = '\(direction)'
                """,
                """
                SELECT calls.id AS id, calls.started_at AS started_at
                FROM \(dialect.elements(ofJSON: "?2", as: "own")) CROSS JOIN calls
                WHERE calls.\(party) >= own.value || '@' AND calls.\(party) < own.value || 'A'
                    AND calls.direction = '\(direction)'
                """,
            ]
        }
        return parts.joined(separator: "\nUNION\n") + "\nORDER BY started_at, id"
    }

    /// Some carriers write sip:+4930123@host; an A comes right behind the @. The scheme's case says nothing.
    private static func addresses(_ number: PersonNumber) -> [String] {
        number.spellings.flatMap { spelling in ["sip:", "SIP:", "Sip:"].map { $0 + spelling } }
    }

    /// Ids of rows whose telephone number, as somebody said it, is this one.
    private func written(_ table: String, _ spellings: String, in db: SQLSession) throws -> [String] {
        // A plus stays: behind it stands a country, and without it the same digits may be somebody else's.
        let digits = [" ", "-", "(", ")", ".", "/"].reduce("phone") { "replace(\($0), '\($1)', '')" }
        return try String.fetchAll(
            db,
            sql: """
                SELECT CAST(id AS TEXT) FROM \(table) WHERE \(digits) IN
                    (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "own")))
                """, arguments: [spellings])
    }

    /// Ids of rows that were made on one of the person's calls; the number may not have been said.
    private func booked(_ operation: String, _ calls: String, in db: SQLSession) throws -> [String] {
        struct Made: Decodable {
            let id: Int
        }
        return try String.fetchAll(
            db,
            sql: """
                SELECT result FROM calendar_acts WHERE operation = ? AND EXISTS (
                    SELECT 1 FROM \(db.dialect.elements(ofJSON: "?", as: "own"))
                    WHERE substr(idempotency_key, 1, length(own.value) + 1) = own.value || '/')
                """, arguments: [operation, calls]
        ).compactMap { try? (StoredJSON.value($0) as Made).id }.map { "\($0)" }
    }
}
