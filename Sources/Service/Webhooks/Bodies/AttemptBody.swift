import Foundation
import Store

/// What is told of an attempt of a campaign.
struct AttemptBody: Encodable {
    struct Contact: Encodable {
        let id: Int
        let number: String?
        let variables: [String: String]?
        /// Whether there will be another attempt.
        let state: ContactRecord.State
        /// Attempts that count.
        let attempts: Int
        let nextAt: Date?
    }

    let id: String
    let campaign: String?
    let campaignID: String
    let contact: Contact
    /// `GET /api/v1/calls/{id}`, when somebody or something answered.
    let callID: String?
    let carrierCallID: String?
    let callerID: String?
    let agent: String
    let outcome: String?
    let detail: String?
    let answerer: String?
    let intendedAt: Date
    let placedAt: Date?
    let answeredAt: Date?
    let endedAt: Date?

    init(_ attempt: AttemptRecord, _ contact: ContactRecord, campaign: String?, isOpen: Bool) {
        id = attempt.id
        self.campaign = campaign
        campaignID = attempt.campaignID
        self.contact = Contact(
            id: contact.id, number: isOpen ? contact.number : nil, variables: isOpen ? contact.variables : nil,
            state: contact.state, attempts: contact.attempts, nextAt: contact.state == .waiting ? contact.nextAt : nil)
        callID = attempt.callID
        carrierCallID = attempt.carrierCallID
        callerID = isOpen ? attempt.callerID : nil
        agent = attempt.agent
        outcome = attempt.outcome
        detail = attempt.detail
        answerer = attempt.answerer
        intendedAt = attempt.intendedAt
        placedAt = attempt.placedAt
        answeredAt = attempt.answeredAt
        endedAt = attempt.endedAt
    }
}
