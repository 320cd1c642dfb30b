import Foundation
import Store
import Testing

@testable import Service

@Suite("What the audit log says of an act besides its address")
struct AuditDetailTests {
    private static func last(_ act: String, _ test: ServiceUnderTest) async throws -> AuditRecord {
        let rows = try await test.service.store.audit().filter { $0.act == act && $0.outcome == .done }
        let newest = rows.max { $0.number < $1.number }
        return try #require(newest, "\(act)")
    }

    @Test("a list of ids is cut, and its count is whole; no value is longer than it may be")
    func bounds() {
        let detail = ActDetail()
        detail.tell("calls", ids: (1...30).map { "c\($0)" })
        detail.tell("agent", String(repeating: "a", count: 500))
        detail.tell("muted", true)
        detail.tell("muted", false)
        #expect(detail.all["calls"] == (1...20).map { "c\($0)" }.joined(separator: " "))
        #expect(detail.all["callsCount"] == "30" && detail.all["muted"] == "false")
        #expect(detail.all["agent"]?.count == ActDetail.longestValue)
    }

    @Test("muting and unmuting are two acts, and those who were hung up on together are named")
    func calls() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            for isMuted in [true, false] {
                let answer = try await test.api("POST", "/api/v1/calls/\(id)/mute", json: ["isMuted": isMuted])
                #expect(answer.status == 202)
                let row = try await Self.last("POST /calls/{id}/mute", test)
                #expect(row.detail == ["muted": "\(isMuted)", "status": "202"])
            }
            let ended = try await test.api("POST", "/api/v1/live/hangup", json: ["agent": "thermostat"])
            #expect(ended.status == 202)
            #expect(await caller.ended().contains("1000"))
            let row = try await Self.last("POST /live/hangup", test)
            #expect(row.detail == ["agent": "thermostat", "calls": id, "callsCount": "1", "status": "202"])
        }
    }

    @Test("a consent is its row's, an entry on the list its moment's, and no number or word is in either")
    func people() async throws {
        try await ServiceUnderTest.run { test in
            let store = test.service.store
            let wish = [
                "number": "+12125550123", "seller": "Acme", "kind": "written", "source": "form 17",
                "givenAt": "2026-01-02T03:04:05.678Z",
            ]
            #expect(try await test.api("POST", "/api/v1/consents", json: wish).status == 200)
            let place = try await store.consentPlace(of: "+12125550123", seller: "Acme", kind: .written)
            let given = try await Self.last("POST /consents", test)
            #expect(place?.isEmpty == false && given.detail["row"] == place)
            #expect(given.detail["kind"] == "written" && given.detail["givenAt"] == "2026-01-02T03:04:05.678Z")
            let back = ["number": "+12125550123", "seller": "Acme", "kind": "written"]
            #expect(try await test.api("POST", "/api/v1/consents/revoke", json: back).status == 200)
            #expect(try await Self.last("POST /consents/revoke", test).detail["row"] == place)
            #expect(try await store.consentPlace(of: "+12125550123", seller: "Acme", kind: .express) == nil)

            let never = ["number": "+12125550123", "reason": "asked by letter"]
            #expect(try await test.api("POST", "/api/v1/do-not-call", json: never).status == 200)
            let first = try await Self.last("POST /do-not-call", test).detail
            #expect(first["list"] == "internal")
            let entry = try await store.standing(of: "+12125550123", conversations: [], now: Date()).suppressions.first
            let text = try #require(first["addedAt"])
            let moment = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            let added = try #require(entry?.addedAt)
            #expect(abs(moment.timeIntervalSince(added)) < 0.0015)
            // Said again, it is the same row.
            #expect(try await test.api("POST", "/api/v1/do-not-call", json: never).status == 200)
            #expect(try await Self.last("POST /do-not-call", test).detail == first)
            let rows = try await store.audit()
            let whole = "\(rows)"
            for word in ["2125550123", "Acme", "form 17", "letter"] { #expect(!whole.contains(word), "\(word)") }
        }
    }

    @Test("a version is named with its share, by whatever way it got it")
    func versions() async throws {
        try await ServiceUnderTest.run { test in
            let path = "/api/v1/agents/thermostat"
            func post(_ act: String, _ body: [String: Any]) async throws -> [String: String] {
                let answer = try await test.api("POST", "\(path)/\(act)", json: body)
                #expect(answer.status == 200, "\(act): \(answer.detail)")
                return try await Self.last("POST /agents/{name}/\(act)", test).detail
            }
            let none = [String: Any]()
            #expect(try await post("publish", none) == ["version": "1", "percent": "100", "status": "200"])
            let draft = try String(
                contentsOf: ServiceUnderTest.shippedAgents.appending(path: "thermostat.yaml"), encoding: .utf8
            ).replacing("Hello, this is the thermostat.", with: "Hello, two.")
            let trial: [String: Any] = ["source": draft, "percent": 20]
            #expect(try await post("publish", trial) == ["version": "2", "percent": "20", "status": "200"])
            let share: [String: Any] = ["version": 2, "percent": 35]
            #expect(try await post("split", share) == ["version": "2", "percent": "35", "status": "200"])
            let whole: [String: Any] = ["version": 2, "percent": 100]
            #expect(try await post("split", whole)["percent"] == "100")
            #expect(try await post("rollback", none) == ["version": "1", "status": "200"])
        }
    }
}
