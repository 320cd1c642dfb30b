extension ParleyConfiguration {
    package struct Store: Sendable, Equatable {
        /// The database file; made with its directory when missing.
        package var path = "var/parley.sqlite"
    }
}
