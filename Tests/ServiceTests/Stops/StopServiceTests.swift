import Foundation
import Store
import Testing

@testable import Service

@Suite("Stopping agents")
struct StopServiceTests {
    private static let other = "+15550177"

    private static func run(_ body: (ServiceUnderTest) async throws -> Void) async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, _ in configuration.agents.numbers = [other: "reminder"] }, body)
    }

    private static func webhook(
        _ test: ServiceUnderTest, _ id: String, to number: String = "+15550199"
    ) async throws -> String {
        try await test.post(
            "/twilio/voice", ["CallSid": id, "From": "+15550100", "To": number, "AccountSid": "AC0"]
        ).text
    }

    private static func live(_ test: ServiceUnderTest) async throws -> [String] {
        let calls = try await test.api("GET", "/api/v1/live").object["calls"] as? [[String: Any]]
        return calls?.compactMap { $0["agent"] as? String }.sorted() ?? []
    }

    @Test("ends one agent's calls, leaves the others, and refuses new ones until it is let go on")
    func oneAgent() async throws {
        try await Self.run { test in
            let callers = [
                TestCaller(saying: ["what is the temperature"], on: test.loop, mayAnswer: { _ in false }),
                TestCaller(saying: ["hello"], on: test.loop, mayAnswer: { _ in false }),
            ]
            callers[0].dial(try await test.announce("CA1"))
            callers[1].dial(try await test.announce("CA2", to: Self.other))
            try await test.waitUntil("both are on the line") {
                try await Self.live(test) == ["reminder", "thermostat"]
            }
            let stopped = try await test.api(
                "POST", "/api/v1/stops", json: ["agent": "thermostat", "reason": "wrong words"])
            #expect(stopped.status == 200, "\(stopped.detail)")
            #expect((stopped.object["ended"] as? [String])?.count == 1)
            #expect(await callers[0].ended().contains("1000"))
            try await test.waitUntil("the other one is left") { try await Self.live(test) == ["reminder"] }
            #expect(try await Self.webhook(test, "CA3").contains("Reject"))
            #expect(try await Self.webhook(test, "CA4", to: Self.other).contains("<Stream"))
            let browser = try await test.api("POST", "/api/v1/browser-calls", json: ["agent": "thermostat"])
            #expect(browser.status == 409 && browser.detail.contains("stopped"))
            #expect(try await test.metric("parley_agent_stopped") == 1)
            #expect(try await test.ask("/metrics").text.contains(#"parley_calls_refused_total{reason="stopped"} 2"#))
            let health = try await test.api("GET", "/api/v1/health").object["stops"] as? [[String: Any]]
            #expect(health?.first?["agent"] as? String == "thermostat")
            #expect(health?.first?["reason"] as? String == "wrong words")
            let audited = try await test.api("GET", "/api/v1/audit")
            #expect(String(decoding: audited.body, as: UTF8.self).contains("/stops"))
            let rows = try await test.service.store.audit()
            let row = try #require(rows.first { $0.act == "POST /stops" })
            #expect(row.detail["agent"] == "thermostat" && row.detail["calls"] == "end")
            #expect(row.detail["ended"] == (stopped.object["ended"] as? [String])?.first)
            #expect(row.detail["endedCount"] == "1" && !"\(rows)".contains("wrong words"))
            // It is in the store, so another process, or this one after a restart, holds it, too.
            #expect(try await test.service.store.agentStops().map(\.agent) == ["thermostat"])

            let resumed = try await test.api("POST", "/api/v1/stops/resume", json: ["agent": "thermostat"])
            #expect(resumed.status == 200 && (resumed.object["stops"] as? [Any])?.isEmpty == true)
            // The stop itself is deleted, so this is what is left of who ended it.
            let letGo = try await test.service.store.audit().first { $0.act == "POST /stops/resume" }
            #expect(letGo?.detail == ["agent": "thermostat", "status": "200"])
            #expect(try await Self.webhook(test, "CA5").contains("<Stream"))
            let again = try await test.api("POST", "/api/v1/stops/resume", json: ["agent": "thermostat"])
            #expect(again.status == 404 && again.detail.contains("not stopped"))
            #expect(try await test.api("POST", "/api/v1/stops", json: ["agent": "nobody"]).status == 404)
        }
    }

    @Test("stops everything, also what another process of the database decided")
    func everything() async throws {
        try await Self.run { test in
            let caller = TestCaller(saying: ["hello"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1", to: Self.other))
            try await test.waitUntil("the call is on the line") { try await Self.live(test) == ["reminder"] }
            try await test.service.store.stop(
                AgentStop(agent: nil, endsCalls: true, escalates: false, stoppedAt: Date(), stoppedBy: "ann"))
            #expect(await caller.ended().contains("1000"))
            #expect(try await Self.webhook(test, "CA2").contains("Reject"))
            try await test.service.store.resume(agent: nil)
            try await test.waitUntil("calls are taken again") {
                try await Self.webhook(test, "CA3").contains("<Stream")
            }
        }
    }

    @Test("leaves calls on the line where it is asked to, and sends new ones to the agent's escalation")
    func escalating() async throws {
        try await Self.run { test in
            let caller = TestCaller(saying: ["hello"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            try await test.waitUntil("the call is on the line") { try await Self.live(test) == ["thermostat"] }
            let stopped = try await test.api(
                "POST", "/api/v1/stops",
                json: ["agent": "thermostat", "calls": "leave", "newCalls": "escalate"])
            #expect(stopped.status == 200 && (stopped.object["ended"] as? [String])?.isEmpty == true)
            let sent = try await test.finishedCall("CA2", saying: ["what is the temperature"])
            let said = try await test.service.store.story(ofCall: sent).turns.filter { $0.speaker == .agent }.map(
                \.text)
            #expect(said.joined(separator: " ").contains("I cannot help you with that"), "\(said)")
            #expect(try await Self.live(test) == ["thermostat"])
        }
    }

    @Test("counts whom a call was handed over to: who speaks now is stopped, and whom it began with is not on the line")
    func handedOver() async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { _, directory in
                let file = directory.appending(path: "agents/thermostat.yaml")
                let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                let own = text.replacing(
                    #"- hang_up: "the caller said goodbye""#, with: #"- transfer: "agent:reminder""#)
                try? Data(own.utf8).write(to: file)
            }
        ) { test in
            let caller = TestCaller(saying: ["goodbye"], on: test.loop, mayAnswer: { $0 < 1 })
            caller.dial(try await test.announce("CA1"))
            try await test.waitUntil("the colleague has the line") {
                let calls = try await test.api("GET", "/api/v1/live").object["calls"] as? [[String: Any]]
                let state = calls?.first?["state"] as? [String: Any]
                return state?["speaker"] as? String == "reminder"
            }
            #expect(try await Self.live(test) == ["thermostat"])
            let hungUp = try await test.api("POST", "/api/v1/live/hangup", json: ["agent": "thermostat"])
            #expect(hungUp.status == 202 && (hungUp.object["calls"] as? [String])?.isEmpty == true)
            let first = try await test.api("POST", "/api/v1/stops", json: ["agent": "thermostat"])
            #expect(first.status == 200 && (first.object["ended"] as? [String])?.isEmpty == true)
            let second = try await test.api("POST", "/api/v1/stops", json: ["agent": "reminder"])
            #expect((second.object["ended"] as? [String])?.count == 1)
            #expect(await caller.ended().contains("1000"))
        }
    }
}
