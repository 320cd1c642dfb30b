import Agent
import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("What is written down of a service's calls")
struct AnalysisServiceTests {
    private static func section(_ extra: String = "", timeout: Int = 20) -> String {
        """
        after_call:
          summary: true
          dispositions:
            - {name: looked, description: Told the temperature., when: {outcome: none}}
            - {name: changed, description: Changed the temperature.}
          extract:
            room: {type: string, required: true}
          model: {provider: mind, timeout: \(timeout)\(extra)}
        """
    }

    /// Writes it into the thermostat's file.
    private static func give(_ section: String, in directory: URL) {
        let file = directory.appending(path: "agents/thermostat.yaml")
        do {
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data((text + "\n" + section + "\n").utf8).write(to: file)
        } catch { Issue.record(error) }
    }

    /// What is written down of a call, once that is over.
    private static func analysis(_ id: String, _ test: ServiceUnderTest) async throws -> [String: Any] {
        var found: [String: Any] = [:]
        try await test.waitUntil("the call is written down", within: .seconds(30)) {
            found = try await test.api("GET", "/api/v1/calls/\(id)/analysis").object
            return found["state"] as? String == "done"
        }
        return found
    }

    private static func reply(_ quote: String) -> ModelEmulatorConfiguration.Reply {
        let evidence = #"[{"turn":0,"speaker":"agent","quote":"\#(quote)"}]"#
        return ModelEmulatorConfiguration.Reply(
            "",
            toolCalls: [
                .init(
                    name: AfterCallQuestion.tool,
                    arguments: #"{"summary":"Somebody asked.","disposition":{"name":"changed","evidence":"#
                        + evidence + #"},"values":{"room":{"value":"hall","evidence":"# + evidence + "}}}")
            ])
    }

    private static let lines = ["what is the temperature", "no thank you"]

    @Test("the receptionist's booking is filed, told in sentences, found, and told to others after the call's end")
    func rules() async throws {
        let receiver = try HookReceiver()
        try await ServiceUnderTest.run(
            shipped: ["receptionist"], callWorkPace: MindUnderTest.callWorkPace,
            configure: { configuration, _ in WebhookServiceTests.tell(receiver, &configuration) }
        ) { test in
            let id = try await test.finishedCall(saying: [
                "i'd like to book an appointment", "next tuesday", "at ten", "anna smith", "yes please", "goodbye",
            ])
            let found = try await Self.analysis(id, test)
            let tool = try #require(
                try await test.service.store.story(ofCall: id).tools.last { $0.name == "calendar_book" })
            let arguments = try JSONValue(parsing: tool.arguments)
            #expect(found["disposition"] as? String == "booked" && found["source"] as? String == "rules", "\(found)")
            let values = try #require(found["values"] as? [String: String])
            #expect(values["name"] == arguments["name"]?.string && values["date"] == arguments["date"]?.string)
            #expect(values["name"]?.lowercased() == "anna smith" && values["time"] == arguments["time"]?.string)
            let summary = try #require(found["summary"] as? String)
            #expect(
                summary.contains("Done: calendar book (") && summary.contains("kept the call to its end"), "\(summary)")
            let story = try await test.api("GET", "/api/v1/calls/\(id)").object
            #expect((story["analysis"] as? [String: Any])?["summary"] as? String == summary)
            #expect((story["call"] as? [String: Any])?["disposition"] as? String == "booked")
            for (query, count) in [
                ("disposition=booked", 1), ("disposition=moved", 0), ("summary=CALEND%20smith", 1),
                ("summary=dentist", 0),
            ] {
                let calls = try await test.api("GET", "/api/v1/calls?\(query)").object["calls"] as? [[String: Any]]
                #expect(calls?.count == count, "\(query)")
                #expect(calls?.allSatisfy { $0["disposition"] as? String == "booked" } == true)
            }
            try await test.waitUntil("it is told") { receiver.requests.contains { $0.type == "call.analyzed" } }
            #expect(receiver.requests.map(\.type) == ["call.started", "call.ended", "call.analyzed"])
            let data = try #require(receiver.requests.last?.object["data"] as? [String: Any])
            #expect(data["disposition"] as? String == "booked" && data["summary"] as? String == summary)
            #expect((data["call"] as? [String: Any])?["id"] as? String == id)
            let record = try #require(try await test.service.store.analysis(ofCall: id))
            let text = CallText.analysis(record)
            #expect(text.hasPrefix("written down  booked  by rules  (done)\n  \(summary)\n  date  "), "\(text)")
            // Written down anew it is told again, in other words of the outbox.
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/analysis").status == 202)
            try await test.waitUntil("it is told again") { receiver.requests.count == 4 }
            #expect(Set(receiver.requests.map(\.id)).count == 4)
            #expect(try await Self.analysis(id, test)["summary"] as? String == summary)
            try await test.waitUntil("both are counted") { try await test.metric("parley_call_analyses_total") == 2 }
            #expect(try await test.api("GET", "/api/v1/calls/none/analysis").status == 404)
            #expect(try await test.api("POST", "/api/v1/calls/none/analysis").status == 404)
        }
    }

    @Test("an agent without it has nothing written down, and says so when it is asked to")
    func without() async throws {
        try await ServiceUnderTest.run(callWorkPace: MindUnderTest.callWorkPace) { test in
            let id = try await test.finishedCall(saying: ["no thank you"])
            let none = try await test.api("GET", "/api/v1/calls/\(id)/analysis")
            #expect(none.status == 404 && none.detail.contains("Nothing is written down"))
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/analysis").status == 202)
            let found = try await Self.analysis(id, test)
            #expect((found["note"] as? String)?.contains("no `after_call`") == true && found["source"] == nil)
        }
    }

    @Test(
        "a call whose last is still being stored is waited for, and then asked for again",
        arguments: ["analysis", "scorecard"])
    func unsettled(work: String) async throws {
        try await ServiceUnderTest.run { test in
            var call = CallRecord(
                id: "half", carrier: "twilio", direction: .inbound, from: "", to: "", agent: "thermostat",
                agentVersion: "1", startedAt: Date(), endedAt: Date() + 3600)
            try await test.service.store.apply([RevisedWrite(revision: 1, write: .call(call))])
            let early = try await test.api("POST", "/api/v1/calls/half/\(work)")
            #expect(early.status == 409 && early.detail.contains("ask again"), "\(early.detail)")
            #expect(early.header("retry-after") == "5")
            #expect(try await test.api("GET", "/api/v1/calls/half/\(work)").status == 404)
            async let asked = test.api("POST", "/api/v1/calls/half/\(work)")
            call.resolution = .contained
            try await test.service.store.apply([RevisedWrite(revision: 2, write: .call(call))])
            let answer = try await asked
            #expect(answer.status == 202, "\(answer.detail)")
        }
    }

    @Test("what a model can prove counts, and its tokens are a part of the call's cost")
    func honest() async throws {
        try await MindUnderTest.run(
            configure: { Self.give(Self.section(), in: $0) }, script: { _ in Self.reply("this is the thermostat") }
        ) { test, fleet in
            let id = try await test.finishedCall(saying: Self.lines)
            let found = try await Self.analysis(id, test)
            #expect(
                found["source"] as? String == "model" && found["summary"] as? String == "Somebody asked.", "\(found)")
            #expect(found["disposition"] as? String == "changed" && found["dropped"] as? Int == 0)
            #expect((found["values"] as? [String: String]) == ["room": "hall"])
            #expect((found["evidence"] as? [String: Any])?.keys.sorted() == ["disposition", "room"])
            #expect(found["attempts"] as? Int == 1 && fleet.openAI.counts.requests.count == 1)
            let cost = try #require(try await test.service.store.costs(ofCalls: [id])[id])
            #expect(Set(cost.items.map(\.unit)) == ["input_tokens", "output_tokens"] && cost.total ?? 0 > 0)
        }
    }

    @Test("what a model makes up is left out, and the rules stand")
    func liar() async throws {
        try await MindUnderTest.run(
            configure: { Self.give(Self.section(), in: $0) }, script: { _ in Self.reply("at your service, dear") }
        ) { test, _ in
            let id = try await test.finishedCall(saying: Self.lines)
            let found = try await Self.analysis(id, test)
            #expect(found["disposition"] as? String == "looked" && found["dropped"] as? Int == 2, "\(found)")
            #expect((found["values"] as? [String: Any])?.isEmpty == true && found["missing"] as? [String] == ["room"])
        }
    }

    @Test("an answer without the form is refused once with the reason; after a second one the rules stand")
    func garbage() async throws {
        // Of the time on a line most is waiting, and each has its own.
        async let once: Void = Self.refusedOnce()
        async let twice: Void = Self.refusedTwice()
        _ = try await (once, twice)
    }

    private static func refusedOnce() async throws {
        try await MindUnderTest.run(
            configure: { Self.give(Self.section(), in: $0) },
            script: { exchange in
                exchange.userText.contains("was refused: the model's answer is no JSON")
                    ? Self.reply("this is the thermostat") : ModelEmulatorConfiguration.Reply("Splendid!")
            }
        ) { test, fleet in
            let id = try await test.finishedCall(saying: Self.lines)
            let found = try await Self.analysis(id, test)
            #expect(found["source"] as? String == "model" && fleet.openAI.counts.requests.count == 2, "\(found)")
        }
    }

    private static func refusedTwice() async throws {
        try await MindUnderTest.run(
            configure: { Self.give(Self.section(", daily_requests: 2"), in: $0) },
            script: { _ in ModelEmulatorConfiguration.Reply("Splendid!") }
        ) { test, fleet in
            let first = try await test.finishedCall("CA1", saying: Self.lines)
            let found = try await Self.analysis(first, test)
            #expect(found["source"] as? String == "rules" && found["disposition"] as? String == "looked", "\(found)")
            #expect((found["note"] as? String)?.contains("no JSON") == true && found["attempts"] as? Int == 2)
            let second = try await test.finishedCall("CA2", saying: Self.lines)
            let spent = try await Self.analysis(second, test)
            #expect((spent["note"] as? String)?.contains("2 requests in 24 hours are used up") == true, "\(spent)")
            #expect(fleet.openAI.counts.requests.count == 2)
        }
    }

    @Test("a model that is down does not hold up what the record says, and is asked again")
    func down() async throws {
        let busy = ModelEmulatorConfiguration.Fault.refuse(status: 503, code: "unavailable", retryAfterMilliseconds: 1)
        try await MindUnderTest.run(
            configure: { Self.give(Self.section(), in: $0) }, faults: Array(repeating: busy, count: 3),
            script: { _ in Self.reply("this is the thermostat") }
        ) { test, fleet in
            let id = try await test.finishedCall(saying: Self.lines)
            var found: [String: Any] = [:]
            try await test.waitUntil("what the record says is there", within: .seconds(30)) {
                found = try await test.api("GET", "/api/v1/calls/\(id)/analysis").object
                return found["state"] as? String == "partial"
            }
            #expect(found["disposition"] as? String == "looked" && found["source"] as? String == "rules", "\(found)")
            #expect((found["note"] as? String)?.contains("503") == true)
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/analysis").status == 202)
            let settled = try await Self.analysis(id, test)
            #expect(settled["source"] as? String == "model" && fleet.openAI.counts.requests.count == 4)
        }
    }

    @Test("a model that is cut off was paid for all the same: its question is a part of the call's cost")
    func cut() async throws {
        try await MindUnderTest.run(
            configure: { Self.give(Self.section(", attempts: 1", timeout: 1), in: $0) },
            faults: [.stall(afterChunks: 0)], script: { _ in Self.reply("this is the thermostat") }
        ) { test, fleet in
            let id = try await test.finishedCall(saying: Self.lines)
            let found = try await Self.analysis(id, test)
            #expect(found["source"] as? String == "rules" && fleet.openAI.counts.requests.count == 1, "\(found)")
            #expect((found["note"] as? String)?.contains("did not answer within") == true, "\(found)")
            let cost = try #require(try await test.service.store.costs(ofCalls: [id])[id])
            let input = cost.items.first { $0.provider == "mind" && $0.unit == "input_tokens" }
            #expect(input.map { $0.quantity > 100 } == true && cost.total ?? 0 > 0, "\(cost)")
        }
    }

    @Test("where no such model is configured the rules stand, and the check of agents says so")
    func unconfigured() async throws {
        try await ServiceUnderTest.run(
            callWorkPace: MindUnderTest.callWorkPace, configure: { Self.give(Self.section(), in: $1) }
        ) { test in
            let id = try await test.finishedCall(saying: Self.lines)
            let found = try await Self.analysis(id, test)
            #expect(found["source"] as? String == "rules" && found["disposition"] as? String == "looked")
            #expect((found["note"] as? String)?.contains("no model provider `mind`") == true)
            let findings = try await AgentCheck.findings("thermostat", configuration: test.service.configuration)
            #expect(findings.contains { !$0.isFault && $0.reason.contains("by rules alone") }, "\(findings)")
        }
    }
}
