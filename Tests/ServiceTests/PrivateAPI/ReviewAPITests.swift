import Foundation
import Store
import Testing

@testable import Service

@Suite("Reviews over the API")
struct ReviewAPITests {
    private func file(_ test: ServiceUnderTest, _ key: String) async throws -> Int {
        try await test.service.store.file(
            ReviewDraft(
                idempotencyKey: key, callID: "c1", agent: "thermostat", agentVersion: "v", contact: "+15550100",
                tool: "refund", arguments: #"{"amount":"40 dollars"}"#,
                reason: "the agent's policy wants a person's approval", expiresAt: Date() + 3600)
        ).id
    }

    @Test("are listed, approved with other arguments or rejected, each once, by a name that is kept")
    func decided() async throws {
        try await ServiceUnderTest.run { test in
            let (secret, record) = KeyRing.make(name: "night shift", scope: .operator, at: Date())
            try await test.service.store.add(record)
            let headers = [("Authorization", "Bearer \(secret)")]
            let (first, second) = (try await file(test, "a"), try await file(test, "b"))
            let pending = try await test.api("GET", "/api/v1/reviews?state=pending", headers: headers).object
            #expect((pending["reviews"] as? [[String: Any]])?.map { $0["id"] as? Int } == [second, first])
            let approved = try await test.api(
                "POST", "/api/v1/reviews/\(first)/approve",
                json: ["note": "as agreed", "arguments": ["amount": "30 dollars"]], headers: headers)
            #expect(approved.status == 200 && approved.object["state"] as? String == "approved")
            #expect(approved.object["arguments"] as? String == #"{"amount":"30 dollars"}"#)
            #expect(approved.object["decidedBy"] as? String == "night shift")
            let again = try await test.api(
                "POST", "/api/v1/reviews/\(first)/reject", json: [String: String](), headers: headers)
            #expect(again.status == 409 && again.detail.hasSuffix("already."))
            let rejected = try await test.api(
                "POST", "/api/v1/reviews/\(second)/reject", json: ["note": "no"], headers: headers)
            #expect(rejected.object["state"] as? String == "rejected" && rejected.object["note"] as? String == "no")
            // The service takes what was approved; no agent here has such a tool, and it says so.
            try await test.waitUntil("what was approved is tried") {
                try await test.service.store.review(id: first).finishedAt != nil
            }
            #expect(try await test.service.store.review(id: second).attempts == 0)
        }
    }

    @Test("are decided once for a key, and what is kept of the answer is masked")
    func repeated() async throws {
        try await ServiceUnderTest.run { test in
            let card = "4012888888881881"
            let id = try await test.service.store.file(
                ReviewDraft(
                    idempotencyKey: "a", callID: "c1", agent: "thermostat", agentVersion: "v", contact: "+15550100",
                    tool: "refund", arguments: #"{"card":"\#(card)"}"#, reason: "policy", expiresAt: Date() + 3600)
            ).id
            let pending = try await test.api("GET", "/api/v1/reviews?state=pending").object
            #expect("\(pending)".contains(card))
            for _ in 0..<2 {
                let answer = try await test.api(
                    "POST", "/api/v1/reviews/\(id)/approve", json: [String: String](),
                    headers: [("Idempotency-Key", "k")])
                #expect(answer.status == 200)
                #expect((answer.object["arguments"] as? String)?.contains("•") == true)
            }
        }
    }

    @Test("take a key for operators, a number that is there, and a note that is no book")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            let id = try await file(test, "a")
            for (path, status) in [("999", 404), ("first", 404), ("99999999999999999999", 404)] {
                let answer = try await test.api(
                    "POST", "/api/v1/reviews/\(path)/approve", json: [String: String]())
                #expect(answer.status == status && answer.detail.contains("GET /api/v1/reviews"))
            }
            let long = ["note": String(repeating: "x", count: 501)]
            #expect(try await test.api("POST", "/api/v1/reviews/\(id)/reject", json: long).status == 400)
            #expect(try await test.api("GET", "/api/v1/reviews?state=lost").status == 400)
            let (secret, record) = KeyRing.make(name: "wall", scope: .viewer, at: Date())
            try await test.service.store.add(record)
            let headers = [("Authorization", "Bearer \(secret)")]
            #expect(try await test.api("GET", "/api/v1/reviews", headers: headers).status == 200)
            for path in [
                "reviews/\(id)/approve", "calls/c1/whisper", "calls/c1/takeover", "calls/c1/handback", "calls",
                "campaigns/x/pause", "campaigns/x/resume",
            ] {
                let answer = try await test.api("POST", "/api/v1/\(path)", json: [String: String](), headers: headers)
                #expect(answer.status == 403, "\(path)")
            }
        }
    }
}
