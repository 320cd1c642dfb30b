import Campaigns

/// How fast, and on how many lines, the account at the carrier lets campaigns call, whatever the pacing of one of them asks
/// for.
package struct AccountPacing: Sendable {
    private let carrier: ParleyConfiguration.CallingCarrier
    private let callsPerSecond: Double
    /// Nil where only campaigns have a bound.
    private let concurrency: Int?

    package init(_ configuration: ParleyConfiguration) {
        let carriers = configuration.carriers
        carrier = configuration.campaigns.carrier
        concurrency = configuration.campaigns.concurrency
        callsPerSecond =
            switch configuration.campaigns.carrier {
            case .twilio: carriers.twilio.callsPerSecond
            case .telnyx: carriers.telnyx.callsPerSecond
            case .plivo: carriers.plivo.callsPerSecond
            case .vonage: carriers.vonage.callsPerSecond
            case .signalWire: carriers.signalWire.callsPerSecond
            }
    }

    /// Lowers a campaign's pacing to what it can have of it.
    ///
    /// - Returns: what it was lowered by.
    func lower(_ pacing: inout PacingPolicy) -> [PacingBound] {
        var bounds: [PacingBound] = []
        if callsPerSecond < pacing.callsPerSecond {
            bounds.append(
                PacingBound(
                    key: "carriers.\(carrier.rawValue).calls_per_second", allowed: callsPerSecond,
                    wanted: pacing.callsPerSecond))
            pacing.callsPerSecond = callsPerSecond
        }
        if let concurrency, concurrency < pacing.concurrency {
            bounds.append(
                PacingBound(
                    key: "campaigns.concurrency", allowed: Double(concurrency), wanted: Double(pacing.concurrency)))
            pacing.concurrency = concurrency
        }
        return bounds
    }
}
