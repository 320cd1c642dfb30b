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
        /// Who carries them.
        package var carrier = CallingCarrier.twilio
    }
}
