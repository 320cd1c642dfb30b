import Agent
import Foundation
import Store

/// What is told of an act that waits for a person.
struct ReviewBody: Encodable {
    let id: Int
    let callID: String
    let agent: String
    let agentVersion: String
    let contact: String?
    let tool: String
    let arguments: JSONValue?
    /// Why the agent may not do it by itself.
    let reason: String
    let filedAt: Date
    let expiresAt: Date

    init(_ review: ReviewRecord, redacted: Set<String>, isOpen: Bool) {
        id = review.id
        callID = review.callID
        agent = review.agent
        agentVersion = review.agentVersion
        contact = isOpen ? review.contact : nil
        tool = review.tool
        arguments = isOpen ? JSONValue(stored: review.arguments).redacted(redacted) : nil
        reason = review.reason
        filedAt = review.filedAt
        expiresAt = review.expiresAt
    }
}
