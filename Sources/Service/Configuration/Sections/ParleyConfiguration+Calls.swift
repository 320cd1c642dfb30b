extension ParleyConfiguration {
    /// Limits over all calls.
    package struct Calls: Sendable, Equatable {
        /// Calls at a time; more are refused.
        package var maximum = 500
        /// How long calls may go on after the service was told to stop.
        package var drainDeadline = Duration.seconds(30)
        /// What people see who are called for callers, E.164; nil is the number that the caller dialled.
        package var transferCallerID: String?
    }
}
