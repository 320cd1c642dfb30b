package import Foundation

extension ParleyConfiguration {
    /// The time in which dates and hours are meant, by callers and in the appointment calendar.
    package struct Calendar: Sendable, Equatable {
        package var timeZone = TimeZone.current
        /// Whose appointments are made.
        package var doctor = "Doctor Lee"
        /// The hour of the day at which the first appointment begins, 0...23.
        package var opens = 8
        /// The hour of the day at which the last appointment ends, 1...23.
        package var closes = 18
        /// The length of an appointment, 5...480.
        package var slotMinutes = 30
    }
}
