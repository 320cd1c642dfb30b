import Foundation
package import Store

/// What was given as a key of decisions is none.
package struct DecisionKeyFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let key: String

    /// What is wrong, without what was given.
    package static let reason = "must be 32 bytes in base64, as `openssl rand -base64 32` prints them"

    package var description: String { "\(key) \(Self.reason)" }
}

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
        /// Signs the record of every decision to call: 32 bytes in base64; nil leaves them unsigned.
        package var decisionKey: Secret?
        /// What older ones were signed with, divided by commas.
        package var earlierDecisionKeys: Secret?

        /// - Throws: which of them is no key.
        package func decisionKeys() throws(DecisionKeyFault) -> DecisionKeys {
            let current = try decisionKey.map { text throws(DecisionKeyFault) in
                try Self.key(text.value, "campaigns.decision_key")
            }
            var earlier: [DecisionKey] = []
            for text in earlierDecisionKeys?.value.split(separator: ",") ?? [] {
                earlier.append(
                    try Self.key(text.trimmingCharacters(in: .whitespaces), "campaigns.earlier_decision_keys"))
            }
            return DecisionKeys(current: current, earlier: earlier)
        }

        private static func key(_ text: String, _ name: String) throws(DecisionKeyFault) -> DecisionKey {
            guard let key = DecisionKey(base64: text) else { throw DecisionKeyFault(key: name) }
            return key
        }
        /// Where contacts that come over the API are received, and what was left out of them is kept for a day.
        package var imports = "var/imports"
        /// Bytes of contacts that one request to the API may bring.
        package var largestImport = 256_000_000
        /// Days that contacts and attempts of finished campaigns are kept; nil keeps them.
        package var retentionDays: Int?
    }
}
