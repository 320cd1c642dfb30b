import Store

extension CalendarSetup {
    /// One doctor, Monday to Friday, as the configuration says.
    init(_ calendar: ParleyConfiguration.Calendar) {
        self = .weekdays(
            doctor: calendar.doctor, opens: CalendarTime(hour: calendar.opens),
            closes: CalendarTime(hour: calendar.closes),
            slotMinutes: calendar.slotMinutes)
    }
}

extension CalendarTime {
    fileprivate init(hour: Int) {
        guard let time = CalendarTime(minutes: hour * 60) else {
            preconditionFailure("the configuration allows hours of a day only")
        }
        self = time
    }
}
