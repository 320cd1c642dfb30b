extension ParleyConfiguration {
    /// Calling people.
    package struct Campaigns: Sendable, Equatable {
        /// Holds the tables of calling hours, holidays and time zones.
        package var directory = "config/campaigns"
        /// Whether this service places the calls of running campaigns.
        package var isCalling = true
    }
}
