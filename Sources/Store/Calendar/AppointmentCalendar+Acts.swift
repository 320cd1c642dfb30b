extension AppointmentCalendar {
    /// Books a time, exactly once per key.
    ///
    /// - Parameters:
    ///   - doctor: by name; whoever is free when `nil`.
    ///   - key: the same for every attempt at the same booking; not empty.
    /// - Returns: the appointment, or a refusal with the free times nearest to the wish.
    package func book(
        name: String, phone: String, day: CalendarDay, time: CalendarTime, doctor: String? = nil,
        idempotencyKey key: String
    ) async throws(StoreError) -> CalendarAnswer<Appointment> {
        guard !Self.nameKey(name).isEmpty else { return .refused(.nameless) }
        let wish = CalendarMoment(day: day, time: time)
        return try await act(.book, key: key) { [now, milliseconds] db in
            switch try Self.slot(for: wish, doctor: doctor, now: now, in: db) {
            case .failure(let obstacle):
                return .refused(obstacle.refusal)
            case .success(let slot):
                let id = try Int.fetchOne(
                    db,
                    sql: """
                        INSERT INTO appointments
                            (doctor_id, day, time, minutes, name, name_key, phone, status, created_at, changed_at)
                        SELECT id, ?1, ?2, ?3, ?4, ?5, ?6, 'booked', ?7, ?7 FROM doctors WHERE name = ?8
                        RETURNING id
                        """,
                    arguments: [
                        slot.day.description, slot.time.description, slot.minutes, name, Self.nameKey(name), phone,
                        milliseconds, slot.doctor,
                    ])
                guard let id else { preconditionFailure("a slot is a doctor's") }
                return .done(Appointment(id: id, slot: slot, name: name, phone: phone, status: .booked))
            }
        }
    }

    /// Moves an appointment that stands to another time, with the same doctor if they are free then.
    package func move(
        appointment id: Int, day: CalendarDay, time: CalendarTime, idempotencyKey key: String
    ) async throws(StoreError) -> CalendarAnswer<Appointment> {
        let wish = CalendarMoment(day: day, time: time)
        return try await act(.move, key: key) { [now, milliseconds] db in
            guard var appointment = try Self.appointment(id: id, in: db), appointment.status == .booked else {
                return .refused(.noAppointment)
            }
            var choice = try Self.slot(for: wish, doctor: appointment.slot.doctor, now: now, ignoring: id, in: db)
            if case .failure = choice {
                choice = try Self.slot(for: wish, doctor: nil, now: now, ignoring: id, in: db)
            }
            switch choice {
            case .failure(let obstacle):
                return .refused(obstacle.refusal)
            case .success(let slot):
                try db.execute(
                    sql: """
                        UPDATE appointments SET doctor_id = (SELECT id FROM doctors WHERE name = ?),
                            day = ?, time = ?, minutes = ?, changed_at = ? WHERE id = ?
                        """,
                    arguments: [
                        slot.doctor, slot.day.description, slot.time.description, slot.minutes, milliseconds, id,
                    ])
                appointment.slot = slot
                return .done(appointment)
            }
        }
    }

    /// Cancels an appointment that stands; its time is free at once.
    package func cancel(appointment id: Int, idempotencyKey key: String) async throws(StoreError)
        -> CalendarAnswer<Appointment>
    {
        try await act(.cancel, key: key) { [milliseconds] db in
            guard var appointment = try Self.appointment(id: id, in: db), appointment.status == .booked else {
                return .refused(.noAppointment)
            }
            try db.execute(
                sql: "UPDATE appointments SET status = 'cancelled', changed_at = ? WHERE id = ?",
                arguments: [milliseconds, id])
            appointment.status = .cancelled
            return .done(appointment)
        }
    }

    /// Does `body` unless this key did it before; then its first result is the answer. Act and key are one transaction,
    /// on disk before anybody is told.
    func act<Value: Codable & Sendable>(
        _ act: Act, key: String, _ body: @escaping @Sendable (SQLSession) throws -> CalendarAnswer<Value>
    ) async throws(StoreError) -> CalendarAnswer<Value> {
        guard !key.isEmpty else {
            throw StoreError(
                .rejected, operation: act.phrase, subject: store.path, detail: "the idempotency key is empty")
        }
        let milliseconds = milliseconds
        return try await store.write(act.phrase, key, durably: true) { db in
            if let first = try String.fetchOne(
                db, sql: "SELECT result FROM calendar_acts WHERE operation = ? AND idempotency_key = ?",
                arguments: [act.rawValue, key])
            {
                return .done(try StoredJSON.value(first))
            }
            let answer = try body(db)
            if let value = answer.value {
                try db.execute(
                    sql: """
                        INSERT INTO calendar_acts (operation, idempotency_key, result, done_at) VALUES (?, ?, ?, ?)
                        """,
                    arguments: [act.rawValue, key, try StoredJSON.text(value), milliseconds])
            }
            return answer
        }
    }
}

/// What is done once per idempotency key. The raw values are in the database.
enum Act: String {
    case book, move, cancel, message

    /// For an error's text.
    var phrase: String {
        switch self {
        case .book: "book an appointment"
        case .move: "move an appointment"
        case .cancel: "cancel an appointment"
        case .message: "take a message"
        }
    }
}

extension CalendarRefusal {
    fileprivate static let nameless = CalendarRefusal(.incomplete, reason: "A name is needed.")
    fileprivate static let noAppointment = CalendarRefusal(
        .unknownAppointment, reason: "There is no such appointment any more.")
}
