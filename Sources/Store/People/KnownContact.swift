package import Foundation

/// Somebody of whom something is known: from calls, or from a campaign.
package struct KnownContact: Sendable, Equatable {
    /// A campaign that somebody is in.
    package struct Place: Sendable, Equatable {
        /// The campaign's name.
        package var campaign: String
        package var contact: ContactRecord
    }

    /// As it is stored; E.164 unless a carrier said otherwise.
    package var number: String
    /// By name.
    package var facts: [ContactFact] = []
    /// Those of the newest campaign first.
    package var places: [Place] = []
}

/// What is known of one person, with what was tried and held.
package struct ContactFile: Sendable, Equatable {
    /// A call with them, in short.
    package struct Call: Sendable, Equatable {
        package var id: String
        package var direction: CallRecord.Direction
        package var agent: String
        package var startedAt: Date
        package var outcome: String?
    }

    package var contact: KnownContact
    /// The newest first, ``Store/attemptsOfContact`` at most.
    package var attempts: [AttemptRecord]
    /// The newest first, ``Store/callsOfContact`` at most.
    package var calls: [Call]
}
