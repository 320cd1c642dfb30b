extension ParleyConfiguration {
    package struct Store: Sendable, Equatable {
        /// The database file; made with its directory when missing.
        package var path = "var/parley.sqlite"
        /// Where the database is instead, on a PostgreSQL server; it may hold a password.
        package var postgres: Secret?
        /// To that server, at most.
        package var connections = 8
        /// Calls older than so many days are deleted; nil keeps them.
        package var retentionDays: Int?
        /// Rows of the audit log older than so many days are deleted; nil keeps them.
        package var auditDays: Int?
    }
}
