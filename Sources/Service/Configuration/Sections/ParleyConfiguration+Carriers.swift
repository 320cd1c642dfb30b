extension ParleyConfiguration {
    /// Accounts with telephone carriers.
    package struct Carriers: Sendable, Equatable {
        package var twilio = Twilio()

        package struct Twilio: Sendable, Equatable {
            package var accountSID: String?
            /// Signs webhooks, and our requests.
            package var authToken: Secret?
            /// Where calls are asked for, without a slash at the end.
            package var url = "https://api.twilio.com"
            /// Calls that the account may begin in a second; the carrier queues silently what is more.
            package var callsPerSecond = 1.0
        }
    }
}
