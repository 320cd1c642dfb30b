extension ParleyConfiguration {
    /// Calling people back who called us.
    package struct Callbacks: Sendable, Equatable {
        /// Who speaks: an agent whose greeting says who calls, that it is automated, and how to opt out.
        package var agent: String?
        /// The business in whose name is called, as that agent says it.
        package var seller: String?
        /// The number to call from, E.164.
        package var callerID: String?
        /// Of numbers that a caller says without a country.
        package var country = "US"
        /// Attempts at one of them.
        package var attempts = 3
    }
}
