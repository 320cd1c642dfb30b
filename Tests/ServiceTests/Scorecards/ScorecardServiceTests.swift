import Agent
import Emulators
import Foundation
import Networking
import Speech
import Store
import Testing

@testable import Service

@Suite("Scorecards of a service's calls")
struct ScorecardServiceTests {
    private static let rules = """
          criteria:
            - {name: greets, weight: 3, said: [this is the thermostat], within_turns: 1}
            - {name: warns, never_said: [degrees]}
            - {name: sets, tool_called: thermostat_set}
            - {name: reads_it, when: {tool_called: thermostat_set}, tool_succeeded: thermostat_set}
            - {name: quick, response_p95_below: 60000}
        """
    private static let questions = """
            - {name: kind, weight: 6, question: "Was the agent kind?"}
        """

    /// Writes the card into the thermostat's file.
    private static func give(_ card: String, in directory: URL) {
        let file = directory.appending(path: "agents/thermostat.yaml")
        do {
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data((text + "\nscorecard:\n  name: room\n" + card + "\n").utf8).write(to: file)
        } catch { Issue.record(error) }
    }

    private static func judged(_ extra: String = "") -> String {
        "  judge: {provider: mind, timeout: 20\(extra)}\n" + rules + "\n" + questions
    }

    /// What is found of a call, once it is scored to the end.
    private static func scorecard(_ id: String, _ test: ServiceUnderTest) async throws -> [String: Any] {
        var card: [String: Any] = [:]
        try await test.waitUntil("the call is scored", within: .seconds(30)) {
            card = try await test.api("GET", "/api/v1/calls/\(id)/scorecard").object
            return card["state"] as? String == "done"
        }
        return card
    }

    private static func standings(_ card: [String: Any]) -> [String: String] {
        let findings = card["findings"] as? [[String: Any]] ?? []
        return Dictionary(
            findings.compactMap { finding in
                (finding["criterion"] as? String).map { ($0, finding["standing"] as? String ?? "") }
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a call is scored when it has ended, and its numbers lead to it; on demand it is scored anew")
    func rules() async throws {
        try await ServiceUnderTest.run(
            callWorkPace: MindUnderTest.callWorkPace, configure: { Self.give(Self.rules, in: $1) }
        ) { test in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let card = try await Self.scorecard(id, test)
            #expect(
                Self.standings(card) == [
                    "greets": "pass", "warns": "fail", "sets": "fail", "reads_it": "not_applicable", "quick": "pass",
                ])
            // 3 + 1 of 3 + 1 + 1 + 1.
            #expect(card["score"] as? Int == 67 && card["counted"] as? Int == 6 && card["weight"] as? Int == 7)
            #expect(card["card"] as? String == "room" && (card["cardVersion"] as? String)?.count == 16)
            let warns = try #require(
                (card["findings"] as? [[String: Any]])?.first { $0["criterion"] as? String == "warns" })
            let evidence = try #require((warns["evidence"] as? [[String: Any]])?.first)
            let story = try await test.service.store.story(ofCall: id)
            let turn = try #require(story.turns.first { $0.speaker == .agent && $0.number == evidence["turn"] as? Int })
            #expect(evidence["quote"] as? String == turn.heard && evidence["speaker"] as? String == "agent")
            let shown = try await test.api("GET", "/api/v1/calls/\(id)").object["scorecard"] as? [String: Any]
            #expect(shown?["score"] as? Int == 67)
            for (query, count) in [
                ("scoreBelow=68", 1), ("scoreBelow=67", 0), ("scoreAtLeast=67", 1),
                ("criterion=warns&standing=fail", 1),
                ("criterion=warns&standing=pass", 0), ("card=room", 1), ("standing=unproven", 0),
            ] {
                let calls = try await test.api("GET", "/api/v1/calls?\(query)").object["calls"] as? [Any]
                #expect(calls?.count == count, "\(query)")
            }
            #expect(try await test.api("GET", "/api/v1/calls?standing=splendid").status == 400)
            let numbers = try await test.api("GET", "/api/v1/analytics").object["scorecards"] as? [[String: Any]]
            #expect(numbers?.count == 1 && numbers?[0]["mean"] as? Double == 67 && numbers?[0]["calls"] as? Int == 1)
            let again = try await test.api("POST", "/api/v1/calls/\(id)/scorecard")
            #expect(again.status == 202 && again.object["state"] as? String == "pending")
            #expect(again.object["score"] as? Int == 67)
            #expect(try await Self.scorecard(id, test)["score"] as? Int == 67)
            try await test.waitUntil("both are counted") { try await test.metric("parley_scorecards_total") == 2 }
            #expect(try await test.api("GET", "/api/v1/calls/none/scorecard").status == 404)
            #expect(try await test.api("POST", "/api/v1/calls/none/scorecard").status == 404)
        }
    }

    @Test("an agent without a card has no calls to score, and says so when it is asked to")
    func without() async throws {
        try await ServiceUnderTest.run(callWorkPace: MindUnderTest.callWorkPace) { test in
            let id = try await test.finishedCall(saying: ["no thank you"])
            let none = try await test.api("GET", "/api/v1/calls/\(id)/scorecard")
            #expect(none.status == 404 && none.detail.contains("has not been scored"))
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/scorecard").status == 202)
            let card = try await Self.scorecard(id, test)
            #expect((card["note"] as? String)?.contains("has no scorecard") == true && card["score"] == nil)
        }
    }

    /// A service whose judge is the emulated vendor.
    private static func withJudge(
        _ card: String, faults: [ModelEmulatorConfiguration.Fault] = [],
        script: @escaping @Sendable (ModelEmulatorConfiguration.Exchange) -> ModelEmulatorConfiguration.Reply,
        _ body: (ServiceUnderTest, EmulatorFleet) async throws -> Void
    ) async throws {
        try await MindUnderTest.run(
            configure: { Self.give(card, in: $0) }, faults: faults, script: script, body)
    }

    private static func verdict(_ quote: String) -> ModelEmulatorConfiguration.Reply {
        let evidence = #"{"turn":0,"speaker":"agent","quote":"\#(quote)"}"#
        return ModelEmulatorConfiguration.Reply(
            "",
            toolCalls: [
                .init(
                    name: JudgeQuestion.tool,
                    arguments:
                        #"{"verdicts":[{"criterion":"kind","answer":"yes","reason":"It was.","evidence":[\#(evidence)]}]}"#
                )
            ])
    }

    @Test("a judge's verdict counts with its quote, and its tokens are a part of the call's cost")
    func judge() async throws {
        try await Self.withJudge(Self.judged(), script: { _ in Self.verdict("this is the thermostat") }) {
            test, fleet in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let card = try await Self.scorecard(id, test)
            #expect(Self.standings(card)["kind"] == "pass" && card["score"] as? Int == 83, "\(card)")
            #expect(card["attempts"] as? Int == 1 && fleet.openAI.counts.requests.count == 1)
            let cost = try #require(try await test.service.store.costs(ofCalls: [id])[id])
            #expect(Set(cost.items.map(\.unit)) == ["input_tokens", "output_tokens"])
            #expect(cost.items.allSatisfy { $0.provider == "mind" && $0.quantity > 0 } && cost.total ?? 0 > 0)
            #expect(try await test.metric("parley_scorecard_judge_requests_total") == 1)
            let used = cost.items.reduce(0) { $0 + $1.quantity }
            try await test.waitUntil("what the judge used is counted") {
                try await test.metric("parley_usage_total") == Double(used)
            }
        }
    }

    @Test("a judge that makes its quotes up gives no points, and one that is down does not hold up the rules")
    func unreliable() async throws {
        // Of the time on a line most is waiting, and each has its own.
        async let first: Void = Self.madeUp()
        async let second: Void = Self.down()
        _ = try await (first, second)
    }

    private static func madeUp() async throws {
        try await Self.withJudge(Self.judged(), script: { _ in Self.verdict("at your service, dear") }) { test, _ in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let card = try await Self.scorecard(id, test)
            #expect(Self.standings(card)["kind"] == "unproven" && card["score"] as? Int == 67, "\(card)")
        }
    }

    private static func down() async throws {
        let busy = ModelEmulatorConfiguration.Fault.refuse(status: 503, code: "unavailable", retryAfterMilliseconds: 1)
        try await Self.withJudge(
            Self.judged(), faults: Array(repeating: busy, count: 3),
            script: { _ in Self.verdict("this is the thermostat") }
        ) { test, fleet in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            var card: [String: Any] = [:]
            try await test.waitUntil("the rules are judged", within: .seconds(30)) {
                card = try await test.api("GET", "/api/v1/calls/\(id)/scorecard").object
                return card["state"] as? String == "partial"
            }
            #expect(card["score"] as? Int == 67 && Self.standings(card)["kind"] == "pending")
            #expect((card["note"] as? String)?.contains("503") == true, "\(card)")
            // Whoever does not want to wait for the next attempt asks again.
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/scorecard").status == 202)
            let settled = try await Self.scorecard(id, test)
            #expect(Self.standings(settled)["kind"] == "pass" && fleet.openAI.counts.requests.count == 4)
        }
    }

    @Test("a judge is asked as often as its card allows, and for calls that are not too long")
    func bounded() async throws {
        // Of the time on a line most is waiting, and each has its own.
        async let first: Void = Self.rarely()
        async let second: Void = Self.tooLong()
        _ = try await (first, second)
    }

    private static func rarely() async throws {
        let garbage = ModelEmulatorConfiguration.Reply("Splendid!")
        try await Self.withJudge(Self.judged(", attempts: 1, daily_requests: 1"), script: { _ in garbage }) {
            test, fleet in
            let first = try await test.finishedCall("CA1", saying: ["no thank you"])
            let card = try await Self.scorecard(first, test)
            #expect(Self.standings(card)["kind"] == "unjudged" && (card["note"] as? String)?.contains("JSON") == true)
            let second = try await test.finishedCall("CA2", saying: ["no thank you"])
            let spent = try await Self.scorecard(second, test)
            #expect((spent["note"] as? String)?.contains("1 requests in 24 hours are used up") == true, "\(spent)")
            #expect(fleet.openAI.counts.requests.count == 1)
        }
    }

    private static func tooLong() async throws {
        let garbage = ModelEmulatorConfiguration.Reply("Splendid!")
        try await Self.withJudge(Self.judged(", max_input_tokens: 500"), script: { _ in garbage }) { test, fleet in
            let id = try await test.finishedCall(saying: Array(repeating: "what is the temperature", count: 5))
            let card = try await Self.scorecard(id, test)
            #expect((card["note"] as? String)?.contains("`max_input_tokens` is 500") == true, "\(card)")
            #expect(fleet.openAI.counts.requests.count == 0)
        }
    }

    @Test("where no model is configured the questions are not judged, and the rules are")
    func unconfigured() async throws {
        try await ServiceUnderTest.run(
            callWorkPace: MindUnderTest.callWorkPace, configure: { Self.give(Self.judged(), in: $1) }
        ) { test in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let card = try await Self.scorecard(id, test)
            #expect(Self.standings(card)["kind"] == "unjudged" && card["score"] as? Int == 67)
            #expect((card["note"] as? String)?.contains("no model provider `mind`") == true)
            let findings = try await AgentCheck.findings("thermostat", configuration: test.service.configuration)
            #expect(findings.contains { !$0.isFault && $0.reason.contains("add providers.mind") }, "\(findings)")
        }
    }

    @Test("a judge that is cut off was paid for all the same: its question is a part of the call's cost")
    func cut() async throws {
        try await Self.withJudge(
            "  judge: {provider: mind, timeout: 1, attempts: 1}\n" + Self.rules + "\n" + Self.questions,
            faults: [.stall(afterChunks: 0)], script: { _ in Self.verdict("this is the thermostat") }
        ) { test, fleet in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let card = try await Self.scorecard(id, test)
            #expect(Self.standings(card)["kind"] == "unjudged" && fleet.openAI.counts.requests.count == 1, "\(card)")
            #expect((card["note"] as? String)?.contains("did not answer within") == true, "\(card)")
            let cost = try #require(try await test.service.store.costs(ofCalls: [id])[id])
            let input = cost.items.first { $0.provider == "mind" && $0.unit == "input_tokens" }
            #expect(input.map { $0.quantity > 100 } == true && cost.total ?? 0 > 0, "\(cost)")
        }
    }

    /// Says one thing.
    private struct Oracle: LanguageModel {
        let text: String

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            AsyncThrowingStream { stream in
                stream.yield(.text(text))
                let usage = ModelUsage(promptTokens: 70, completionTokens: 4)
                stream.yield(.finished(ModelFinish(reason: .stop, usage: usage)))
                stream.finish()
            }
        }
    }

    @Test(
        "a judge comes after those who talk: while calls need the account it is asked later, and none of its attempts is gone"
    )
    func behindCalls() async throws {
        let evidence = #"{"turn":0,"speaker":"agent","quote":"this is the thermostat"}"#
        let verdict = #"{"criterion":"kind","answer":"yes","reason":"It was.","evidence":[\#(evidence)]}"#
        let oracle = Oracle(text: #"{"verdicts":[\#(verdict)]}"#)
        try await ServiceUnderTest.run(
            callWorkPace: MindUnderTest.callWorkPace, configure: { Self.give(Self.judged(", attempts: 1"), in: $1) }
        ) { test in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            _ = try await Self.scorecard(id, test)
            let library = try AgentLibrary.load(
                directory: URL(fileURLWithPath: test.service.configuration.agents.directory))
            return (id, Array(library.agents.values))
        } afterwards: { store, found in
            let (id, agents) = found
            let log = LogCollector()
            let gate = AccountGate("mind", AccountLimit.Settings(streams: 2))
            let counters = ScorecardCounters()
            let later = Lock(TimeInterval.zero)
            let bench = CallWorkbench(
                store: store, agents: ScoredAgents(store: store, current: { agents }, logger: log.logger),
                models: { ["mind": oracle] }, gate: { _ in gate }, longestWait: .milliseconds(50),
                prices: ParleyConfiguration.Prices(), metrics: PrometheusRegistry().factory,
                now: { Date() + later.withLock { $0 } }, logger: log.logger)
            let runner = ScorecardRunner(bench: bench, counters: counters)
            try await store.wantScore(ofCall: id)
            let call = try #require(gate.tryEnter())
            try await runner.score(call: id)
            let waiting = try #require(try await store.scorecard(ofCall: id))
            #expect(waiting.state == .partial && waiting.attempts == 0 && waiting.score == 67)
            #expect(waiting.note?.contains("providers.mind") == true, "\(waiting)")
            // Another call still found room beside it.
            #expect(gate.inUse == 1)
            call.giveBack()
            later.withLock { $0 = 60 }
            try await runner.score(call: id)
            let settled = try #require(try await store.scorecard(ofCall: id))
            #expect(settled.state == .done && settled.attempts == 1 && settled.score == 83, "\(settled)")
            #expect(gate.inUse == 0)
            let requests = counters.samples.filter { $0.name == "parley_scorecard_judge_requests_total" }
            #expect(requests.map(\.value) == [1, 0, 1])
            let items = try await store.costs(ofCalls: [id])[id]?.items.filter { $0.provider == "mind" } ?? []
            #expect(items.map(\.quantity) == [70, 4], "\(items)")
        }
    }
}
