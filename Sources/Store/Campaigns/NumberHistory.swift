package import Foundation

/// What was tried with one number lately, by all campaigns.
package struct NumberHistory: Sendable, Equatable {
    /// Of the last 7 days, those that may have rung.
    package var attempts: [Date]
    /// When the last conversation with a person ended.
    package var lastConversation: Date?
    package var hasOpenAttempt: Bool

    package init(attempts: [Date] = [], lastConversation: Date? = nil, hasOpenAttempt: Bool = false) {
        self.attempts = attempts
        self.lastConversation = lastConversation
        self.hasOpenAttempt = hasOpenAttempt
    }
}

/// Everything that is stored about a number and decides whether it may be called.
package struct NumberStanding: Sendable, Equatable {
    package var history: NumberHistory
    package var suppressions: [SuppressionRecord]
    package var consents: [ConsentRecord]

    package init(
        history: NumberHistory = NumberHistory(), suppressions: [SuppressionRecord] = [], consents: [ConsentRecord] = []
    ) {
        self.history = history
        self.suppressions = suppressions
        self.consents = consents
    }
}
