package import Foundation

/// The calendar of a clinic: who works when, who comes when, and messages left.
///
/// Lives in a ``Store``'s file, the calls' own or another. Several processes may use the same file at the same moment:
/// a slot is never given twice.
///
/// Every act takes an idempotency key. An act that was done answers a second time with its first result, whatever else
/// it is asked the second time; an act that was refused is tried anew.
package final class AppointmentCalendar: Sendable {
    /// How many free times a refusal names.
    static let alternativeCount = 3
    /// How many days after the wish are searched for them.
    static let alternativeDays = 14

    let store: Store
    let zone: TimeZone
    private let clock: @Sendable () -> Date

    /// - Parameters:
    ///   - zone: where the clinic is.
    ///   - now: the present; tests and rehearsals choose their own.
    package init(store: Store, zone: TimeZone, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.zone = zone
        clock = now
    }

    /// The present, at the clinic.
    package var now: CalendarMoment { CalendarMoment(clock(), in: zone) }

    /// The present, for columns that record it.
    var milliseconds: Int { clock().storedMilliseconds }

    /// Takes over doctors, hours and holidays. Appointments stay as they are, those of doctors who left too.
    package func setUp(_ setup: CalendarSetup) async throws(StoreError) {
        try await store.write("set up the calendar", store.path) { db in
            try db.execute(sql: "DELETE FROM opening_hours")
            try db.execute(sql: "DELETE FROM holidays")
            for doctor in setup.doctors {
                try db.execute(
                    sql: "INSERT INTO doctors (name) VALUES (?) ON CONFLICT (name) DO NOTHING", arguments: [doctor.name]
                )
                for hours in doctor.hours {
                    try db.execute(
                        sql: """
                            INSERT INTO opening_hours (doctor_id, weekday, opens, closes, slot_minutes)
                            SELECT id, ?, ?, ?, ? FROM doctors WHERE name = ?
                            """,
                        arguments: [
                            hours.weekday.rawValue, hours.opens.description, hours.closes.description,
                            hours.slotMinutes, doctor.name,
                        ])
                }
            }
            for holiday in setup.holidays {
                try db.execute(
                    sql: "INSERT INTO holidays (day, reason) VALUES (?, ?)",
                    arguments: [holiday.day.description, holiday.reason])
            }
        }
    }

    /// What can be booked on a day, by time; refused with `closed` or `past`.
    package func freeSlots(on day: CalendarDay) async throws(StoreError) -> CalendarAnswer<[AppointmentSlot]> {
        let now = now
        return try await store.read("look for free times", day.description) { db in
            if day < now.day {
                return .refused(CalendarRefusal(.past, reason: "\(day) has already gone by."))
            }
            let plan = try DayPlan(day: day, now: now, in: db)
            if let closure = plan.closure { return .refused(closure) }
            return .done(plan.free)
        }
    }

    /// Appointments to come under a name, soonest first. Case, accents and extra spaces do not matter.
    package func find(name: String) async throws(StoreError) -> [Appointment] {
        let now = now
        return try await store.read("look for an appointment", store.path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT \(Appointment.columns) FROM appointments JOIN doctors ON doctors.id = doctor_id
                    WHERE name_key = ? AND status = 'booked' AND (day, time) >= (?, ?) ORDER BY day, time
                    """,
                arguments: [Self.nameKey(name), now.day.description, now.time.description]
            ).map(Appointment.init(row:))
        }
    }

    /// Appointments that stand on a day, by time.
    package func appointments(on day: CalendarDay) async throws(StoreError) -> [Appointment] {
        try await store.read("list the appointments", day.description) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT \(Appointment.columns) FROM appointments JOIN doctors ON doctors.id = doctor_id
                    WHERE day = ? AND status = 'booked' ORDER BY time, doctor
                    """,
                arguments: [day.description]
            ).map(Appointment.init(row:))
        }
    }

    /// One appointment, cancelled or not; `nil` if there never was one with this id.
    package func appointment(id: Int) async throws(StoreError) -> Appointment? {
        try await store.read("look up an appointment", "\(id)") { db in try Self.appointment(id: id, in: db) }
    }

    static func appointment(id: Int, in db: SQLSession) throws -> Appointment? {
        try SQLRow.fetchOne(
            db,
            sql: """
                SELECT \(Appointment.columns) FROM appointments JOIN doctors ON doctors.id = doctor_id
                WHERE appointments.id = ?
                """,
            arguments: [id]
        ).map(Appointment.init(row:))
    }

    /// The form of a name that is compared.
    static func nameKey(_ name: String) -> String {
        name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
