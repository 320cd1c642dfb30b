import Foundation
import Networking
import Store
import Testing

@testable import Service

/// What schemathesis is told of this tenant, so that it meets what is there.
extension FilledTenant {
    /// Things of their own for operations that are the end of what they are asked for, or want it in a state of its own.
    struct Spares: Sendable {
        /// By the operation's id.
        let tenants: [String: FilledTenant]
        /// Who is on the line for them, for as long as they are kept.
        let people: [any Sendable]
    }

    /// Two callers who are hung up on and sent on, one whom an operator has taken over, keys to rotate and to revoke, a campaign
    /// to start that nobody resumes, a review to reject beside the one to approve, and a call that is over to listen in on: of one
    /// on the line the answer would never end.
    func spares(_ test: ServiceUnderTest) async throws -> Spares {
        var tenants: [String: FilledTenant] = [:]
        var people: [any Sendable] = []
        for operation in ["hangUp", "transfer", "handBack"] {
            var spare = self
            let (id, caller) = try await silentCall("CA\(operation)", test)
            spare.live = id
            tenants[operation] = spare
            people.append(caller)
        }
        let held = try #require(tenants["handBack"]).live
        let invitation = try await test.api("POST", "/api/v1/calls/\(held)/takeover", headers: headers)
        #expect(invitation.status == 201, "\(invitation.detail)")
        let person = OperatorBrowser(invitation.object, on: test.loop)
        try await test.waitUntil("the operator is let in") {
            person.state.withLock { $0.messages.contains { $0.contains("started") } }
        }
        people.append(person)
        for operation in ["rotateKey", "revokeKey"] {
            var spare = self
            let record = KeyRing.make(name: "spare for \(operation)", scope: .viewer, at: Date()).record
            try await test.service.store.add(record)
            spare.keyID = record.id
            tenants[operation] = spare
        }
        var spare = self
        spare.review = try await fileReview("r-reject", in: test.service.store)
        tenants["reject"] = spare
        spare = self
        spare.live = call
        tenants["listen"] = spare
        spare = self
        spare.campaign = "spring-checkups"
        let made = try await test.api(
            "POST", "/api/v1/campaigns",
            json: [
                "name": spare.campaign, "agent": "reminder", "seller": "Lakeside Clinic",
                "caller_ids": ["+12127365999"],
            ] as [String: Any], headers: headers)
        #expect(made.status == 201, "\(made.detail)")
        tenants["startCampaign"] = spare
        return Spares(tenants: tenants, people: people)
    }

    /// Where the things of each operation are, as `peers/schema.py` reads it.
    func things(_ spares: [String: FilledTenant]) throws -> Data {
        var operations: [String: [String: Any]] = [:]
        for operation in try DocumentedOperation.all() {
            guard let step = (spares[operation.id] ?? self).step(operation.id) else {
                Issue.record("\(operation.id) is not tried; say in FilledTenant how it is asked for")
                continue
            }
            var thing: [String: Any] = ["path": step.path ?? operation.path]
            if let query = URLComponents(string: step.query)?.queryItems {
                thing["query"] = Dictionary(query.map { ($0.name, $0.value ?? "") }) { $1 }
            }
            // Of other types, any text will do.
            if step.type == nil, let json = step.json { thing["body"] = json }
            operations[operation.id] = thing
        }
        return try JSONSerialization.data(withJSONObject: ["key": key, "operations": operations])
    }
}
