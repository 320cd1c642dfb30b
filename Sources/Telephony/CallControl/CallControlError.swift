/// Why a carrier did not do what it was asked for. What matters most is whether it may have done it all the same.
package struct CallControlError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The request never reached the carrier.
        case notSent
        /// The carrier turned it away undone because there were too many; ask again later.
        case tooMany(retryAfter: Duration?)
        /// The carrier refused: asking again will not help.
        case refused(status: Int, carrierCode: Int?)
        /// The carrier refused, as the number is none or cannot be called.
        case wrongNumber(status: Int, carrierCode: Int?)
        /// There is no such call, or it is over.
        case noSuchCall
        /// Nobody knows whether it was done: no answer, or one that is none.
        case ambiguous
    }

    package let code: Code
    /// What was asked for: `place a call`.
    package let operation: String
    /// The carrier's own words; never a number.
    package let detail: String
    /// How long the carrier wants to be left alone, where it says so.
    package var retryAfter: Duration?

    package init(_ code: Code, operation: String, detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }

    package var description: String { "could not \(operation): \(detail) (\(code))" }
}
