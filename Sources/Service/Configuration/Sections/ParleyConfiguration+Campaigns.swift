extension ParleyConfiguration {
    /// Carriers that place calls for us.
    package enum CallingCarrier: String, Sendable, CaseIterable {
        case twilio, telnyx, plivo, vonage
        case signalWire = "signalwire"
    }

    /// Calling people.
    package struct Campaigns: Sendable, Equatable {
        /// Holds the tables of calling hours, holidays and time zones.
        package var directory = "config/campaigns"
        /// Whether this service places the calls of running campaigns.
        package var isCalling = true
        /// Calls of all campaigns at a time, over all nodes; nil leaves it to the campaigns.
        package var concurrency: Int?
        /// Who carries them.
        package var carrier = CallingCarrier.twilio
        /// After an unanswered request for a call, until the carrier's list is looked at.
        package var lookUpAfter = Duration.seconds(10)
        /// After an unanswered request, until a call that is not on the carrier's list counts as never placed.
        package var giveUpAfter = Duration.seconds(60)
        /// Without news of a placed call, until the carrier is asked.
        package var askAfter = Duration.seconds(120)
        /// Where contacts that come over the API are received, and what was left out of them is kept for a day.
        package var imports = "var/imports"
        /// Bytes of contacts that one request to the API may bring.
        package var largestImport = 256_000_000
    }
}
