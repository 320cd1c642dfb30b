package import Foundation

/// One try to reach a contact: what may ring a telephone once.
package struct AttemptRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// It will be asked for; the carrier knows nothing yet.
        case intent
        /// The request may have left. Until the answer is stored the carrier's list of calls is the only truth.
        case asked
        /// The carrier has it, under an id.
        case placed
        /// Over; nothing changes any more.
        case ended
    }

    /// The key that goes with the request and comes back in the carrier's questions.
    package var id: String
    package var campaignID: String
    package var contactID: Int
    package var number: String
    package var callerID: String
    package var agent: String
    package var state: State
    /// What the gate said, JSON.
    package var decision: String
    /// Of the decision and whom it is about, as ``DecisionKeys`` makes it; nil where there was no key.
    package var signature: String?
    package var carrierCallID: String?
    /// Of the call that was held, if one was.
    package var callID: String?
    package var intendedAt: Date
    package var askedAt: Date?
    package var placedAt: Date?
    package var answeredAt: Date?
    package var endedAt: Date?
    /// In the carrier's words: `human`, `machine_start` …
    package var answeredBy: String?
    /// Who or what it was by our own ears: `person`, `machine` …
    package var answerer: String?
    /// From the end of a person's greeting to the agent's first words, in samples at 8 kHz: below 0 where the agent was sooner.
    /// Nil where no person was heard, and where nobody measured it.
    package var greetingDelay: Int?
    package var outcome: String?
    package var detail: String?

    package init(
        id: String, campaignID: String, contactID: Int, number: String, callerID: String, agent: String,
        decision: String, intendedAt: Date
    ) {
        self.id = id
        self.campaignID = campaignID
        self.contactID = contactID
        self.number = number
        self.callerID = callerID
        self.agent = agent
        self.decision = decision
        self.intendedAt = intendedAt
        state = .intent
    }

    init(row: SQLRow) throws {
        self.init(
            id: row["id"], campaignID: row["campaign_id"], contactID: row["contact_id"], number: row["number"],
            callerID: row["caller_id"], agent: row["agent"], decision: row["decision"],
            intendedAt: Date(storedMilliseconds: row["intended_at"]))
        state = try row.word("state")
        signature = row["signature"]
        carrierCallID = row["carrier_call_id"]
        callID = row["call_id"]
        askedAt = row.date("asked_at")
        placedAt = row.date("placed_at")
        answeredAt = row.date("answered_at")
        endedAt = row.date("ended_at")
        answeredBy = row["answered_by"]
        answerer = row["answerer"]
        greetingDelay = row["greeting_delay"]
        outcome = row["outcome"]
        detail = row["detail"]
    }
}
