/// What is wrong with the proof of a webhook or a media socket, as metrics tell it.
enum WebhookFault: String, Sendable, CaseIterable {
    /// It shows nothing.
    case missing
    /// The signature or token is not the one that it should be.
    case mismatch
    /// The signature is minutes old: sent again by somebody, or the clocks differ.
    case stale
    /// This service was not told what to check it with.
    case unset
    /// The signature is right, and the account is another one.
    case account
}
