package import Foundation

extension Store {
    /// Whether a number was found to be a wrong one in an attempt that was asked for by `moment`, and no call to it was answered
    /// since that one.
    package func wasWrong(number: String, by moment: Date) async throws(StoreError) -> Bool {
        try await read("look for a wrong number", number) { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM attempts AS earlier
                        WHERE earlier.number = ?1 AND earlier.asked_at <= ?2 AND earlier.outcome = 'wrong_number'
                            AND NOT EXISTS (
                                SELECT 1 FROM attempts AS later
                                WHERE later.number = ?1 AND later.asked_at > earlier.asked_at
                                    AND later.answered_at IS NOT NULL))
                    """,
                arguments: [number, moment.storedMilliseconds]) ?? false
        }
    }
}
