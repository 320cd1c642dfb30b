extension AppointmentCalendar {
    /// The slot for a wish, or the refusal with the free times nearest to it.
    static func slot(
        for wish: CalendarMoment, doctor: String?, now: CalendarMoment, ignoring appointment: Int? = nil,
        in db: SQLSession
    ) throws -> Result<AppointmentSlot, DayPlan.Obstacle> {
        let plan = try DayPlan(day: wish.day, now: now, ignoring: appointment, in: db)
        switch plan.slot(at: wish.time, doctor: doctor) {
        case .success(let slot):
            return .success(slot)
        case .failure(let obstacle):
            var refusal = obstacle.refusal
            refusal.alternatives = try alternatives(to: wish, doctor: doctor, now: now, plan: plan, in: db)
            return .failure(DayPlan.Obstacle(refusal))
        }
    }

    /// Same day by distance from the wish, then the days after in order; one per time.
    private static func alternatives(
        to wish: CalendarMoment, doctor: String?, now: CalendarMoment, plan: DayPlan, in db: SQLSession
    ) throws -> [AppointmentSlot] {
        func suitable(_ plan: DayPlan) -> [AppointmentSlot] {
            var times: Set<CalendarTime> = []
            return plan.free.filter { (doctor == nil || $0.doctor == doctor) && times.insert($0.time).inserted }
        }
        var found = suitable(plan).sorted {
            abs($0.time.minutes - wish.time.minutes) < abs($1.time.minutes - wish.time.minutes)
        }
        // A wish in the past is answered from today on.
        var day = max(wish.day, now.day.adding(days: -1))
        for _ in 0..<alternativeDays where found.count < alternativeCount {
            day = day.adding(days: 1)
            found += suitable(try DayPlan(day: day, now: now, in: db))
        }
        return Array(found.prefix(alternativeCount))
    }
}
