package import Foundation

/// When an attempt was made, to whom, and what came of it.
package struct AttemptMoment: Sendable, Equatable {
    package var id: String
    /// E.164.
    package var number: String
    package var intendedAt: Date
    package var outcome: String
}
