/// Where acts wait for a person.
package protocol ReviewDesk: Sendable {
    /// Files an act. The same key is filed once and answers with the first review.
    func file(_ request: ReviewRequest) async throws -> ReviewTicket
}

/// An act that an agent may not do by itself.
package struct ReviewRequest: Sendable, Equatable {
    package var idempotencyKey: String
    package var call: CallFacts
    package var agent: String
    package var agentVersion: String
    package var tool: String
    package var arguments: JSONValue
    package var reason: String
    /// How long it waits for a person.
    package var expiry: Duration

    package init(
        idempotencyKey: String, call: CallFacts, agent: String, agentVersion: String, tool: String,
        arguments: JSONValue,
        reason: String, expiry: Duration
    ) {
        self.idempotencyKey = idempotencyKey
        self.call = call
        self.agent = agent
        self.agentVersion = agentVersion
        self.tool = tool
        self.arguments = arguments
        self.reason = reason
        self.expiry = expiry
    }
}

/// A review that was filed.
package struct ReviewTicket: Sendable, Equatable {
    package var id: Int

    package init(id: Int) { self.id = id }
}
