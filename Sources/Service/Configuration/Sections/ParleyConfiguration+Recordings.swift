extension ParleyConfiguration {
    package struct Recordings: Sendable, Equatable {
        package var isEnabled = true
        package var directory = "var/recordings"
        /// Recordings older than so many days are deleted; nil keeps them.
        package var retentionDays: Int?
    }
}
