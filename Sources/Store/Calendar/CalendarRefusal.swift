/// Why the calendar did not do what was wished, and what it could do instead. Nothing was changed.
package struct CalendarRefusal: Sendable, Equatable, Codable {
    package enum Code: String, Sendable, Codable, CaseIterable {
        /// Nobody works on that day.
        case closed
        /// The time has gone by.
        case past
        /// The day is open, but not at that time, or no appointment begins at that minute.
        case outsideHours
        /// Somebody else has the time.
        case taken
        /// No such appointment, or it was cancelled.
        case unknownAppointment
        /// A needed value is empty.
        case incomplete
    }

    package var code: Code
    /// A sentence an agent can say.
    package var reason: String
    /// Free times nearest to the wish, nearest first; empty where no time was wished for.
    package var alternatives: [AppointmentSlot]

    package init(_ code: Code, reason: String, alternatives: [AppointmentSlot] = []) {
        self.code = code
        self.reason = reason
        self.alternatives = alternatives
    }
}
