/// A stretch of a doctor's time that an appointment can take.
package struct AppointmentSlot: Sendable, Hashable, Codable {
    package var doctor: String
    package var day: CalendarDay
    package var time: CalendarTime
    /// Length.
    package var minutes: Int

    package init(doctor: String, day: CalendarDay, time: CalendarTime, minutes: Int) {
        self.doctor = doctor
        self.day = day
        self.time = time
        self.minutes = minutes
    }

    /// Minutes since midnight, from begin to end.
    var span: Range<Int> { time.minutes..<(time.minutes + minutes) }
}
