/// Why the service pauses a campaign by itself: what its pauses are counted by.
enum PauseCause: String, CaseIterable {
    /// Too many of the last attempts failed.
    case breaker
    /// The carrier does not accept the account.
    case account
}
