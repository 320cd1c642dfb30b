package import Foundation

/// An act of an agent that waits, or waited, for a person.
package struct ReviewRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Nobody has decided yet.
        case pending
        /// To be done.
        case approved
        case rejected
        /// Nobody decided in time; it was not done.
        case expired
        /// Being done.
        case running
        case done
        /// Tried, and certainly not done.
        case failed
        /// Begun, and nobody knows what came of it. A person must look; it is not tried again.
        case unclear
    }

    package var id: Int
    package var state: State
    package var callID: String
    package var agent: String
    package var agentVersion: String
    /// The caller's number; empty when withheld.
    package var contact: String
    package var tool: String
    /// JSON text.
    package var arguments: String
    /// Why the agent may not do it by itself.
    package var reason: String
    package var filedAt: Date
    package var expiresAt: Date
    package var decidedAt: Date?
    package var decidedBy: String?
    package var note: String?
    /// How often it was begun.
    package var attempts: Int
    /// JSON text of the result, or why there is none.
    package var result: String?
    package var finishedAt: Date?

    /// The key under which the act is done, the same at every attempt.
    package var actKey: String { "review/\(id)" }
}

/// What an agent files for review.
package struct ReviewDraft: Sendable, Equatable {
    /// Of the call, turn and tool: the same act is filed once.
    package var idempotencyKey: String
    package var callID: String
    package var agent: String
    package var agentVersion: String
    package var contact: String
    package var tool: String
    /// JSON text.
    package var arguments: String
    package var reason: String
    package var expiresAt: Date

    package init(
        idempotencyKey: String, callID: String, agent: String, agentVersion: String, contact: String, tool: String,
        arguments: String, reason: String, expiresAt: Date
    ) {
        self.idempotencyKey = idempotencyKey
        self.callID = callID
        self.agent = agent
        self.agentVersion = agentVersion
        self.contact = contact
        self.tool = tool
        self.arguments = arguments
        self.reason = reason
        self.expiresAt = expiresAt
    }
}
