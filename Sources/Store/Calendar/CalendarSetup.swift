/// Who works when. What a calendar is told at start-up.
package struct CalendarSetup: Sendable, Equatable, Codable {
    package var doctors: [Doctor]
    /// Days the place is closed although its weekday is open.
    package var holidays: [Holiday]

    package init(doctors: [Doctor], holidays: [Holiday] = []) {
        self.doctors = doctors
        self.holidays = holidays
    }

    package struct Doctor: Sendable, Equatable, Codable {
        /// Unique; renaming one makes another doctor.
        package var name: String
        package var hours: [Hours]

        package init(name: String, hours: [Hours]) {
            self.name = name
            self.hours = hours
        }
    }

    /// One stretch of work on a weekday. Two of them leave a lunch break between.
    package struct Hours: Sendable, Equatable, Codable {
        package var weekday: CalendarDay.Weekday
        package var opens: CalendarTime
        /// The last slot ends here or before.
        package var closes: CalendarTime
        /// Length of an appointment, 5...480.
        package var slotMinutes: Int

        package init(weekday: CalendarDay.Weekday, opens: CalendarTime, closes: CalendarTime, slotMinutes: Int) {
            self.weekday = weekday
            self.opens = opens
            self.closes = closes
            self.slotMinutes = slotMinutes
        }
    }

    package struct Holiday: Sendable, Equatable, Codable {
        package var day: CalendarDay
        /// Goes into the refusal: "closed for Christmas Day".
        package var reason: String

        package init(day: CalendarDay, reason: String) {
            self.day = day
            self.reason = reason
        }
    }

    /// One doctor, Monday to Friday, the same hours every day.
    package static func weekdays(
        doctor: String, opens: CalendarTime, closes: CalendarTime, slotMinutes: Int, holidays: [Holiday] = []
    ) -> CalendarSetup {
        let week: [CalendarDay.Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]
        let hours = week.map { Hours(weekday: $0, opens: opens, closes: closes, slotMinutes: slotMinutes) }
        return CalendarSetup(doctors: [Doctor(name: doctor, hours: hours)], holidays: holidays)
    }
}
