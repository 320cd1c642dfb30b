extension DayPlan {
    /// Reads a day.
    ///
    /// - Parameter appointment: one whose own time counts as free, because it is about to move.
    init(day: CalendarDay, now: CalendarMoment, ignoring appointment: Int? = nil, in db: SQLSession) throws {
        self.init(
            day: day,
            holiday: try String.fetchOne(
                db, sql: "SELECT reason FROM holidays WHERE day = ?", arguments: [day.description]),
            shifts: try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT name, opens, closes, slot_minutes FROM opening_hours JOIN doctors ON doctors.id = doctor_id
                    WHERE weekday = ?
                    """,
                arguments: [day.weekday.rawValue]
            ).map { row in
                Shift(
                    doctor: row["name"],
                    hours: CalendarSetup.Hours(
                        weekday: day.weekday, opens: try row.parsed("opens"), closes: try row.parsed("closes"),
                        slotMinutes: row["slot_minutes"]))
            },
            taken: try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT doctors.name AS doctor, day, time, minutes
                    FROM appointments JOIN doctors ON doctors.id = doctor_id
                    WHERE day = ? AND status = 'booked' AND appointments.id IS DISTINCT FROM ?
                    """,
                arguments: [day.description, appointment]
            ).map(AppointmentSlot.init(row:)),
            now: now)
    }
}

extension AppointmentSlot {
    init(row: SQLRow) throws {
        self.init(
            doctor: row["doctor"], day: try row.parsed("day"), time: try row.parsed("time"), minutes: row["minutes"])
    }
}

extension Appointment {
    /// Columns ``init(row:)`` needs; `appointments` and `doctors` joined.
    static let columns = """
        appointments.id AS id, doctors.name AS doctor, day, time, minutes, appointments.name AS name, phone, status
        """

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], slot: try AppointmentSlot(row: row), name: row["name"], phone: row["phone"],
            status: try row.word("status"))
    }
}

extension SQLRow {
    /// A column in the text form of a day or time.
    fileprivate func parsed<Value: LosslessStringConvertible>(_ column: String) throws -> Value {
        let text: String = self[column]
        guard let value = Value(text) else {
            throw StoreError(
                .damaged, operation: "read the calendar", subject: column, detail: "\"\(text)\" does not belong there")
        }
        return value
    }
}
