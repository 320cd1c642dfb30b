package import Foundation

/// An hour in which a campaign asked its carrier for calls.
package struct AttemptHour: Sendable, Equatable {
    /// When it begins, UTC.
    package var begins: Date
    package var attempts: Int
    /// Those of them that a person answered.
    package var answered: Int

    package init(begins: Date, attempts: Int, answered: Int) {
        self.begins = begins
        self.attempts = attempts
        self.answered = answered
    }
}
