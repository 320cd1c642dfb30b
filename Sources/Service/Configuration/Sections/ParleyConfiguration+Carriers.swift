extension ParleyConfiguration {
    /// Accounts with telephone carriers.
    package struct Carriers: Sendable, Equatable {
        package var twilio = Twilio()

        package struct Twilio: Sendable, Equatable {
            package var accountSID: String?
            /// Signs webhooks.
            package var authToken: Secret?
        }
    }
}
