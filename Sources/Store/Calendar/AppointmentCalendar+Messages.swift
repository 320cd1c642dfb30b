extension AppointmentCalendar {
    /// Takes a message for the people of the clinic.
    package func takeMessage(
        name: String, phone: String, text: String, idempotencyKey key: String
    ) async throws(StoreError) -> CalendarAnswer<CalendarMessage> {
        guard text.contains(where: { !$0.isWhitespace }) else {
            return .refused(CalendarRefusal(.incomplete, reason: "The message is empty."))
        }
        return try await act(.message, key: key) { [milliseconds] db in
            let id = try Int.fetchOne(
                db, sql: "INSERT INTO messages (name, phone, text, taken_at) VALUES (?, ?, ?, ?) RETURNING id",
                arguments: [name, phone, text, milliseconds])
            return .done(
                CalendarMessage(
                    id: id ?? 0, name: name, phone: phone, text: text,
                    takenAt: .init(storedMilliseconds: milliseconds)))
        }
    }

    /// Messages taken, newest first.
    ///
    /// - Parameter limit: 1...1000.
    package func messages(limit: Int = 100) async throws(StoreError) -> [CalendarMessage] {
        try await store.read("list the messages", store.path) { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT * FROM messages ORDER BY id DESC LIMIT ?", arguments: [min(max(limit, 1), 1000)]
            ).map { row in
                CalendarMessage(
                    id: row["id"], name: row["name"], phone: row["phone"], text: row["text"],
                    takenAt: .init(storedMilliseconds: row["taken_at"]))
            }
        }
    }
}
