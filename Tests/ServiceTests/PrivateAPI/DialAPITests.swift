import Emulators
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("Placing a call over the API")
struct DialAPITests {
    /// Asks a service that places calls; its answers.
    private struct Client {
        let port: Int
        let client: HTTPClient
        let store: Store

        func ask(
            _ method: String, _ path: String, _ json: [String: Any]? = nil, key: String? = nil
        ) async throws -> (status: Int, object: [String: Any], location: String?) {
            var headers = key.map { [("Idempotency-Key", $0)] } ?? []
            if json != nil { headers.append(("Content-Type", "application/json")) }
            let body = try json.map { Array(try JSONSerialization.data(withJSONObject: $0)) } ?? []
            let response = try await client.send(
                HTTPClientRequest(
                    method: method, url: "http://127.0.0.1:\(port)/api/v1\(path)", headers: headers, body: body))
            let bytes = Data(try await response.body.collect(upTo: 1_000_000))
            return (
                response.status, (try? JSONSerialization.jsonObject(with: bytes) as? [String: Any]) ?? [:],
                response.headers.first { $0.name.lowercased() == "location" }?.value
            )
        }
    }

    private func run(
        _ configure: (inout SandboxCarrierConfiguration) -> Void = { _ in },
        _ body: (Client, SandboxCarrier) async throws -> Void
    ) async throws {
        try await CampaignUnderTest.run(configure) { test in
            let logger = LogCollector().logger
            let service = try CampaignUnderTest.service(in: test.directory, carrier: test.url, logger: logger)
            let group = ServiceGroup(services: [service], logger: logger)
            let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                let outcome: Result<Void, any Error>
                do {
                    _ = try await service.reachable()
                    let port = try await service.privateReachable()
                    outcome = .success(
                        try await body(Client(port: port, client: client, store: service.store), test.carrier))
                } catch { outcome = .failure(error) }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                await client.shutdown()
                try outcome.get()
            }
        }
    }

    private let wish: [String: Any] = [
        "number": "(212) 736-5000", "agent": "reminder", "from": "+12127365999", "seller": "Lakeside Clinic",
        "consentSource": "form 7", "variables": ["name": "Anna Smith", "day": "2026-12-01", "time": "10:00"],
    ]

    @Test("the call is placed once, under an id that is its own from the first moment, and its end is told")
    func places() async throws {
        try await run({ $0.callee = { _, _ in .talks([SpokenClip.saying("yes")]) } }) { client, carrier in
            let answer = try await client.ask("POST", "/calls", wish, key: "once")
            #expect(answer.status == 202, "\(answer.object)")
            let id = try #require(answer.object["id"] as? String)
            #expect(answer.object["number"] as? String == "+12127365000")
            #expect(answer.location == "/api/v1/dials/\(id)")
            let audit = try await client.store.audit()
            let row = audit.first { $0.act == "POST /calls" }
            #expect(row?.detail == ["dial": id, "agent": "reminder", "status": "202"])
            #expect(!"\(audit)".contains("12127365000"))
            let again = try await client.ask("POST", "/calls", wish, key: "once")
            #expect(again.status == 202 && again.object["id"] as? String == id && again.location == answer.location)
            var dial: [String: Any] = [:]
            let end = ContinuousClock.now + .seconds(60)
            while dial["state"] as? String != "ended", ContinuousClock.now < end {
                dial = try await client.ask("GET", "/dials/\(id)").object
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(dial["state"] as? String == "ended" && dial["isAnswered"] as? Bool == true, "\(dial)")
            #expect(dial["outcome"] != nil)
            #expect(carrier.calls.count == 1)
            let story = try await client.ask("GET", "/calls/\(id)")
            #expect(story.status == 200)
            #expect((story.object["call"] as? [String: Any])?["direction"] as? String == "outbound")
        }
    }

    @Test("what the gate refuses, what makes no sense and who is not there is said, and nobody is called")
    func refuses() async throws {
        try await run { client, carrier in
            try await client.store.optOut(number: "+12127365001", reason: "asked", callID: nil, at: Date())
            let cases: [([String: Any], Int, String)] = [
                (["number": "+12127365001"], 409, "must not be called, by the rule \"do not call\""),
                (["number": "12"], 400, "12"), (["agent": "nobody"], 400, "there is no agent `nobody`"),
                (["seller": "Somebody Else"], 400, "the name of the business"),
                (["consent": "verbal"], 400, "\"consent\" is none of the words"),
                (["from": ""], 400, "\"from\" must have"),
                (["variables": ["a": 1]], 400, "must be a text"),
            ]
            for (change, status, words) in cases {
                let answer = try await client.ask("POST", "/calls", wish.merging(change) { $1 })
                let detail = answer.object["detail"] as? String ?? ""
                #expect(answer.status == status && detail.contains(words), "\(change): \(answer)")
            }
            #expect(try await client.ask("GET", "/dials/nobody").status == 404)
            try await Task.sleep(for: .milliseconds(300))
            #expect(carrier.calls.isEmpty)
        }
    }

    @Test("a service without an account at a carrier says what it lacks")
    func withoutCarrier() async throws {
        try await ServiceUnderTest.run { test in
            let answer = try await test.api("POST", "/api/v1/calls", json: wish)
            #expect(answer.status == 409 && answer.detail.contains("carriers.twilio.account_sid"))
        }
    }
}
