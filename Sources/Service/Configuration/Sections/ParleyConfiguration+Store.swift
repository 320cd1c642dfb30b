extension ParleyConfiguration {
    package struct Store: Sendable, Equatable {
        /// The database file; made with its directory when missing.
        package var path = "var/parley.sqlite"
        /// Calls older than so many days are deleted; nil keeps them.
        package var retentionDays: Int?
    }
}
