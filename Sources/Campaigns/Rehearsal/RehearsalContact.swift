package import Foundation
package import Store

/// A contact with everything the gate will ask about it.
package struct RehearsalContact: Sendable {
    package var id: Int
    package var number: String
    package var parsed: PhoneNumber?
    package var place: CalleePlace
    package var attempts: Int
    package var nextAt: Date
    /// When they asked to be called.
    package var callbackAt: Date?
    package var history: NumberHistory
    package var suppressions: [SuppressionRecord]
    package var consents: [ConsentRecord]

    package init(
        id: Int, number: String, parsed: PhoneNumber?, place: CalleePlace, attempts: Int, nextAt: Date,
        history: NumberHistory, suppressions: [SuppressionRecord], consents: [ConsentRecord]
    ) {
        self.id = id
        self.number = number
        self.parsed = parsed
        self.place = place
        self.attempts = attempts
        self.nextAt = nextAt
        self.history = history
        self.suppressions = suppressions
        self.consents = consents
    }
}
