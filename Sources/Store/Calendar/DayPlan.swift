/// One day of the calendar: who works, what is taken, and what follows for a wish. Pure.
struct DayPlan: Sendable, Equatable {
    let day: CalendarDay
    /// Name of the holiday, where it is one.
    let holiday: String?
    /// All doctors' working hours on this weekday.
    let shifts: [Shift]
    /// Appointments that stand.
    let taken: [AppointmentSlot]
    let now: CalendarMoment

    struct Shift: Sendable, Equatable {
        let doctor: String
        let hours: CalendarSetup.Hours
    }

    /// Why nobody can come on this day at all; `nil` on an open day.
    var closure: CalendarRefusal? {
        if let holiday { return CalendarRefusal(.closed, reason: "We are closed on \(day) (\(holiday)).") }
        guard shifts.isEmpty else { return nil }
        return CalendarRefusal(.closed, reason: "We are closed on \(day.weekday.name)s.")
    }

    /// Every slot of the day, taken or not, by time and then by doctor.
    var slots: [AppointmentSlot] {
        guard holiday == nil else { return [] }
        return shifts.flatMap { shift in
            let hours = shift.hours
            return stride(
                from: hours.opens.minutes, through: hours.closes.minutes - hours.slotMinutes, by: hours.slotMinutes
            ).compactMap { CalendarTime(minutes: $0) }.map {
                AppointmentSlot(doctor: shift.doctor, day: day, time: $0, minutes: hours.slotMinutes)
            }
        }.sorted { ($0.time, $0.doctor) < ($1.time, $1.doctor) }
    }

    /// What can still be booked.
    var free: [AppointmentSlot] { slots.filter { !isPast($0.time) && isFree($0) } }

    /// The slot an appointment at `time` gets, or why none.
    ///
    /// - Parameter doctor: who it has to be; anybody when `nil`.
    func slot(at time: CalendarTime, doctor: String?) -> Result<AppointmentSlot, Obstacle> {
        if let closure { return .failure(Obstacle(closure)) }
        if isPast(time) {
            return .failure(Obstacle(.past, "\(time) on \(day) has already gone by."))
        }
        let wished = slots.filter { $0.time == time && (doctor == nil || $0.doctor == doctor) }
        guard !wished.isEmpty else {
            return .failure(Obstacle(.outsideHours, "There is no appointment at \(time) on \(day)."))
        }
        guard let slot = wished.first(where: isFree) else {
            return .failure(Obstacle(.taken, "\(time) on \(day) is already taken."))
        }
        return .success(slot)
    }

    private func isPast(_ time: CalendarTime) -> Bool { CalendarMoment(day: day, time: time) <= now }

    /// Lengths may have changed since somebody booked, so spans are compared and not only beginnings.
    private func isFree(_ slot: AppointmentSlot) -> Bool {
        !taken.contains { $0.doctor == slot.doctor && $0.span.overlaps(slot.span) }
    }

    /// A refusal on its way through `Result`, before the alternatives are known.
    struct Obstacle: Error, Equatable {
        let refusal: CalendarRefusal

        init(_ refusal: CalendarRefusal) { self.refusal = refusal }

        init(_ code: CalendarRefusal.Code, _ reason: String) {
            refusal = CalendarRefusal(code, reason: reason)
        }
    }
}

extension CalendarDay.Weekday {
    /// English, as in a sentence.
    var name: String {
        switch self {
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        case .sunday: "Sunday"
        }
    }
}
