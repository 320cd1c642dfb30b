import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Requests that are repeated")
struct IdempotencyTests {
    private func key(_ text: String) -> [(String, String)] { [("Idempotency-Key", text)] }

    private func liveCall(_ test: ServiceUnderTest) async throws -> String {
        let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
        caller.dial(try await test.announce("CA1"))
        return try await test.liveCall()
    }

    @Test("with the same key are done once, and get the first answer; another request with that key is refused")
    func repeats() async throws {
        try await ServiceUnderTest.run { test in
            let id = try await liveCall(test)
            let path = "/api/v1/calls/\(id)/mute"
            for count in 0..<3 {
                // With and without the quotes of the draft.
                let answer = try await test.api(
                    "POST", path, json: ["isMuted": true], headers: key(count == 1 ? "\"a-1\"" : "a-1"))
                #expect(answer.status == 202 && answer.body.isEmpty)
                #expect(answer.header("idempotency-replayed") == (count == 0 ? nil : "true"))
            }
            let other = try await test.api("POST", path, json: ["isMuted": false], headers: key("a-1"))
            #expect(other.status == 422 && other.object["code"] as? String == "idempotency_key_reused")
            let elsewhere = try await test.api(
                "POST", "/api/v1/calls/\(id)/say", json: ["isMuted": true], headers: key("a-1"))
            #expect(elsewhere.status == 422)
            let invitation = try await test.api("POST", "/api/v1/calls/\(id)/takeover", headers: key("b"))
            let again = try await test.api("POST", "/api/v1/calls/\(id)/takeover", headers: key("b"))
            #expect(invitation.status == 201 && again.status == 201)
            #expect(invitation.body == again.body && again.header("content-type") == "application/json")
            let fresh = try await test.api("POST", "/api/v1/calls/\(id)/takeover", headers: key("c"))
            #expect(fresh.body != invitation.body)
            try await test.waitUntil("the journal has it once") {
                try await test.service.store.journal(ofCall: id).count { $0.kind == "operated" } == 1
            }
        }
    }

    @Test("that came to nothing are tried anew")
    func failures() async throws {
        try await ServiceUnderTest.run { test in
            let wish = ["agent": "nobody"]
            for _ in 0..<2 {
                let answer = try await test.api("POST", "/api/v1/browser-calls", json: wish, headers: key("d"))
                #expect(answer.status == 404 && answer.header("idempotency-replayed") == nil)
            }
            let large = try await test.api(
                "POST", "/api/v1/browser-calls", json: ["agent": String(repeating: "x", count: 100_000)],
                headers: key("d"))
            #expect(large.status == 413)
        }
    }

    @Test("need a key that can be read", arguments: ["\"\"", "two words", "a/b", String(repeating: "x", count: 256)])
    func badKeys(text: String) async throws {
        try await ServiceUnderTest.run { test in
            let answer = try await test.api(
                "POST", "/api/v1/browser-calls", json: ["agent": "thermostat"], headers: key(text))
            #expect(answer.status == 400 && answer.detail.contains("Idempotency-Key"), "\(answer.status)")
        }
    }

    @Test("while the first one is being done, or was when the service was stopped, say so")
    func underWay() async throws {
        try await ServiceUnderTest.run { test in
            let body = try JSONSerialization.data(withJSONObject: ["agent": "thermostat"])
            for (age, words) in [(1.0, "being worked on"), (3600, "nobody knows whether it was done")] {
                let name = "age-\(Int(age))"
                _ = try await test.service.store.claim(
                    idempotencyKey: name, of: "",
                    fingerprint: IdempotencyDesk.fingerprint("POST", "/api/v1/browser-calls", body),
                    now: Date() - age, forgettingBefore: .distantPast)
                let answer = try await test.api(
                    "POST", "/api/v1/browser-calls", json: ["agent": "thermostat"], headers: key(name))
                #expect(answer.status == 409 && answer.detail.contains(words), "\(answer.detail)")
            }
        }
    }

    @Test("of others have keys of their own")
    func owners() async throws {
        try await ServiceUnderTest.run { test in
            var answers: [ServiceUnderTest.Answer] = []
            for name in ["one", "two"] {
                let (secret, record) = KeyRing.make(name: name, scope: .operator, at: Date())
                try await test.service.store.add(record)
                answers.append(
                    try await test.api(
                        "POST", "/api/v1/browser-calls", json: ["agent": "thermostat"],
                        headers: key("same") + [("Authorization", "Bearer \(secret)")]))
            }
            #expect(answers.map(\.status) == [201, 201])
            #expect(answers[0].body != answers[1].body)
        }
    }
}
