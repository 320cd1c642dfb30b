package import Foundation

extension Store {
    /// Numbers that one statement asks about at most.
    private static let numbersAtOnce = 100

    /// Everything that is stored about a number and decides whether it may be called, in one look.
    ///
    /// - Parameter conversations: the outcomes that are conversations with a person.
    package func standing(
        of number: String, conversations: [String], now: Date
    ) async throws(StoreError) -> NumberStanding {
        try await standings(of: [number], conversations: conversations, now: now)[number] ?? NumberStanding()
    }

    /// As ``standing(of:conversations:now:)``, for many numbers in one snapshot.
    package func standings(
        of numbers: [String], conversations: [String], now: Date
    ) async throws(StoreError) -> [String: NumberStanding] {
        try await read("look up numbers", path) { db in
            var standings = Dictionary(numbers.map { ($0, NumberStanding()) }) { first, _ in first }
            for values in SQLValues.filled(numbers, upTo: Self.numbersAtOnce) {
                try Self.note(values, conversations: SQLValues(conversations), now: now, in: db, &standings)
            }
            for number in try Self.openNumbers(among: numbers, in: db) {
                standings[number]?.history.hasOpenAttempt = true
            }
            return standings
        }
    }

    /// Those of the numbers that an attempt is open for.
    static func openNumbers(among numbers: [String], in db: SQLSession) throws -> Set<String> {
        var open: Set<String> = []
        for values in SQLValues.filled(numbers, upTo: numbersAtOnce) {
            open.formUnion(
                try String.fetchAll(
                    db, sql: "SELECT number FROM attempts WHERE number IN (\(values.marks)) AND state <> 'ended'",
                    arguments: values))
        }
        return open
    }

    private static func note(
        _ numbers: SQLValues, conversations: SQLValues, now: Date, in db: SQLSession,
        _ standings: inout [String: NumberStanding]
    ) throws {
        let marks = numbers.marks
        let attempts = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT number, asked_at FROM attempts WHERE number IN (\(marks)) AND asked_at > ?
                    AND coalesce(outcome, '') <> 'not_placed' ORDER BY asked_at
                """, arguments: numbers + [(now - 7 * 86_400).storedMilliseconds])
        for row in attempts {
            standings[row["number"]]?.history.attempts.append(Date(storedMilliseconds: row["asked_at"]))
        }
        let talks = try SQLRow.fetchAll(
            db,
            sql: """
                SELECT number, max(ended_at) AS last FROM attempts
                WHERE number IN (\(marks)) AND outcome IN (\(conversations.marks)) GROUP BY number
                """, arguments: numbers + conversations)
        for row in talks { standings[row["number"]]?.history.lastConversation = row.date("last") }
        let suppressions = try SQLRow.fetchAll(
            db, sql: "SELECT * FROM suppressions WHERE number IN (\(marks)) ORDER BY list", arguments: numbers)
        for row in suppressions { standings[row["number"]]?.suppressions.append(SuppressionRecord(row: row)) }
        let consents = try SQLRow.fetchAll(
            db, sql: "SELECT * FROM consents WHERE number IN (\(marks)) ORDER BY given_at DESC", arguments: numbers)
        for row in consents { standings[row["number"]]?.consents.append(try ConsentRecord(row: row)) }
    }
}
