import Agent
import Campaigns
import Foundation
import Networking
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("Versions of a running service's agents")
struct VersionServiceTests {
    /// The thermostat as it ships, with another greeting and whatever is added at its end.
    private static func source(greeting: String, adding lines: String = "") throws -> String {
        let file = ServiceUnderTest.shippedAgents.appending(path: "thermostat.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
            .replacing("Hello, this is the thermostat.", with: greeting)
        return text + "\n" + lines + "\n"
    }

    private static func bundle(_ greeting: String, adding lines: String = "") throws -> AgentBundle {
        AgentBundle(
            file: "thermostat.yaml", source: Data(try source(greeting: greeting, adding: lines).utf8))
    }

    /// Publishes as the command line does: into the store, and nobody tells the service.
    @discardableResult
    private static func publish(
        _ greeting: String, adding lines: String = "", percent: Int = 100, in test: ServiceUnderTest
    ) async throws -> AgentVersionRecord {
        let office = VersionOffice(test.service.configuration, store: test.service.store) {
            test.service.catalogue.definitions
        }
        return try await office.publish(try bundle(greeting, adding: lines), by: "ann", percent: percent)
    }

    private static func waitForLive(_ number: Int?, in test: ServiceUnderTest) async throws {
        try await test.waitUntil("version \(number ?? 0) takes calls") {
            test.service.roster.lane("thermostat")?.live.number == number
        }
    }

    /// Calls, says something, and gives back what answered: the greeting and the version.
    private static func answer(_ callID: String, in test: ServiceUnderTest) async throws -> (
        greeting: String, version: String
    ) {
        let id = try await test.finishedCall(callID, saying: ["no thank you"])
        let story = try await test.service.store.story(ofCall: id)
        // The greeting's first sentence of several; the flow's question may follow in the same turn.
        let text = story.turns.first { $0.speaker == .agent }?.text ?? ""
        return (text.replacing(" What temperature would you like?", with: ""), story.call.agentVersion)
    }

    @Test(
        "a version published during a call takes the next one, and the call keeps what it began with; so does a way back"
    )
    func publishedDuringCall() async throws {
        try await ServiceUnderTest.run { test in
            let mayGoOn = Lock(false)
            let caller = TestCaller(
                saying: ["what is the temperature", "no thank you"], on: test.loop,
                mayAnswer: { $0 == 0 || mayGoOn.withLock(\.self) })
            caller.dial(try await test.announce("CA1"))
            try await test.waitUntil("the first answer") {
                guard let call = try await test.service.store.calls().calls.first else { return false }
                return try await test.service.store.story(ofCall: call.id).turns.count { $0.speaker == .agent } >= 2
            }
            let first = try await Self.publish("Hello, one.", in: test)
            try await Self.waitForLive(1, in: test)
            #expect(try await Self.answer("CA2", in: test) == ("Hello, one.", first.hash))
            let second = try await Self.publish("Hello, two.", in: test)
            try await Self.waitForLive(2, in: test)
            #expect(try await Self.answer("CA3", in: test) == ("Hello, two.", second.hash))
            mayGoOn.withLock { $0 = true }
            caller.goOn()
            _ = await caller.ended()
            #expect(try await test.metric("parley_agent_version_share") == 1)

            _ = try await test.service.store.rollBack("thermostat", by: "ann")
            try await Self.waitForLive(1, in: test)
            #expect(try await Self.answer("CA4", in: test) == ("Hello, one.", first.hash))
            try await test.service.store.unpublish("thermostat", by: "ann")
            try await Self.waitForLive(nil, in: test)
            let file = try #require(test.service.agents.agents["thermostat"])
            #expect(try await Self.answer("CA5", in: test) == (file.greeting, file.version))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(
                story.turns.first { $0.speaker == .agent }?.text.hasPrefix("Hello, this is the thermostat.") == true)
            #expect(story.tools.map(\.name) == ["thermostat_read"] && story.call.faults == nil)
        }
    }

    @Test("calls are shared out between the live version and the one on trial by their ids, as their rows say")
    func split() async throws {
        try await ServiceUnderTest.run { test in
            let live = try await Self.publish("Hello, one.", in: test)
            let trial = try await Self.publish("Hello, two.", percent: 50, in: test)
            try await test.waitUntil("the trial has its share") {
                test.service.roster.lane("thermostat")?.trial?.number == 2
            }
            for index in 0..<8 { _ = try await test.call("CA\(index)", saying: []) }
            return (live.hash, trial.hash)
        } afterwards: { store, hashes in
            let calls = try await store.calls().calls
            #expect(calls.count == 8)
            for call in calls {
                let isOnTrial = TrafficSplit(percent: 50).takes(callID: call.id)
                #expect(call.agentVersion == (isOnTrial ? hashes.1 : hashes.0))
            }
        }
    }

    /// Every tool of agents that say "two" is down.
    private struct Failing: Dialogue {
        let greeting: String
        let language = DialogueLanguage()

        func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
            AsyncThrowingStream { outputs in
                if case .callerSaid = input {
                    let tool = ToolInvocation(id: "t1", name: "thermostat_read", arguments: [:])
                    outputs.yield(.toolStarted(tool))
                    let outcome: ToolOutcome =
                        greeting.contains("two")
                        ? .failure(ToolError(.unavailable, tool: tool.name, detail: "down")) : .result(["degrees": 20])
                    outputs.yield(.toolFinished(tool, outcome))
                    outputs.yield(.say("Goodbye."))
                    outputs.yield(.hangUp(reason: "done"))
                } else {
                    outputs.yield(.say(greeting))
                }
                outputs.finish()
            }
        }

        func cutLastReply(toHeard heard: String) {}
    }

    private static let budget = "error_budget: {allowed: 0.4, min_calls: 3, on_burn: roll_back}"

    @Test("a version that spends its error budget is taken off, once, and stays off")
    func burns() async throws {
        try await ServiceUnderTest.run(dialogue: { agent, _, _, _ in Failing(greeting: agent.greeting) }) { test in
            let good = try await Self.publish("Hello, one.", adding: Self.budget, in: test)
            let bad = try await Self.publish("Hello, two.", adding: Self.budget, in: test)
            try await Self.waitForLive(2, in: test)
            for index in 0..<3 {
                #expect(try await Self.answer("CA\(index)", in: test).version == bad.hash)
            }
            try await Self.waitForLive(1, in: test)
            for index in 3..<7 {
                #expect(try await Self.answer("CA\(index)", in: test).version == good.hash)
            }
            #expect(try await test.metric("parley_agent_versions_burnt_total") == 1)
            #expect(try await test.metric("parley_call_faults_total") == 3)
            #expect(test.log.contains("an agent's version has spent its error budget", "version=2"))
            let incidents = try await test.api("GET", "/api/v1/incidents").object["incidents"] as? [[String: Any]]
            #expect(incidents?.map { $0["kind"] as? String } == ["errorBudget"])
            let list = try await VersionOffice(test.service.configuration, store: test.service.store) { [] }.list(
                "thermostat")
            #expect(list.live == 1 && list.versions[0].budget?.state == .burnt && list.versions[0].calls == 3)
            #expect(list.versions[0].budget?.faults == ["tool_failures": 3])
            #expect(VersionText.lines(list)[0].contains("burnt: 3 of 3 calls went wrong (tool_failures on 3)"))
            #expect(VersionText.lines(list)[1].contains("live"))
        } afterwards: { store, _ in
            let acts = try await store.agentActs(of: "thermostat")
            #expect(acts.count { $0.kind == .burnt } == 1)
            let call = try await store.story(ofCarrierCall: "CA0").call
            #expect(call.faults == ["tool_failures": 1])
        }
    }

    @Test("a restart does not forget: calls before it count, and the version is taken off")
    func restarted() async throws {
        try await ServiceUnderTest.run(dialogue: { agent, _, _, _ in Failing(greeting: agent.greeting) }) { test in
            // Nobody follows what happens here: the store is as a process left it that was killed.
            let store = test.service.store
            let office = VersionOffice(test.service.configuration, store: store) { test.service.catalogue.definitions }
            _ = try await office.publish(try Self.bundle("Hello, one.", adding: Self.budget), by: "ann")
            let bad = try await office.publish(try Self.bundle("Hello, two.", adding: Self.budget), by: "ann")
            for index in 0..<3 {
                var call = CallRecord(
                    id: "c\(index)", carrier: "twilio", direction: .inbound, from: "", to: "", agent: "thermostat",
                    agentVersion: bad.hash, startedAt: Date(), endedAt: Date())
                call.faults = ["tool_failures": 2]
                try await store.apply([RevisedWrite(revision: 1, write: .call(call))])
            }
            let roster = AgentRoster(test.service.agents)
            let keeper = VersionKeeper(
                configuration: test.service.configuration, store: store, files: test.service.agents,
                tools: { test.service.catalogue.definitions },
                lines: BrowserLines(configuration: test.service.configuration.public, calls: test.service.browserCalls),
                roster: roster, logger: test.log.logger)
            try await keeper.start(LightEngines())
            #expect(roster.lane("thermostat")?.live.number == 2)
            let burns = {
                keeper.tally.samples.filter { $0.name == "parley_agent_versions_burnt_total" }.map(\.value)
            }
            // There before the first one, or nobody's alert would see an increase.
            #expect(burns() == [0])
            await keeper.tick()
            #expect(burns() == [1])
            #expect(roster.lane("thermostat")?.live.number == 1)
            let burnt = try await store.version(2, of: "thermostat")
            #expect(burnt.burntBecause?.hasPrefix("3 of 3 calls went wrong (tool_failures on 3)") == true)
        }
    }

    @Test(
        "callers of a version that has burnt go to its escalation where its file says so; others are told, nobody is called"
    )
    func escalates() async throws {
        let receiver = try HookReceiver()
        try await ServiceUnderTest.run(
            configure: { configuration, _ in WebhookServiceTests.tell(receiver, &configuration) },
            dialogue: { agent, _, _, _ in Failing(greeting: agent.greeting) }
        ) { test in
            try await Self.publish(
                "Hello, two.", adding: "error_budget: {allowed: 0.4, min_calls: 1, on_burn: escalate}", in: test)
            try await Self.waitForLive(1, in: test)
            _ = try await Self.answer("CA1", in: test)
            try await test.waitUntil("callers are sent on") {
                test.service.roster.lane("thermostat")?.escalates == true
            }
            let answer = try await Self.answer("CA2", in: test)
            #expect(answer.greeting == "I am sorry, I cannot help you with that. Goodbye.")
            try await Self.placesNoCalls(test)
            try await test.waitUntil("others are told") { receiver.requests.contains { $0.type == "version.burnt" } }
            let told = try #require(receiver.requests.first { $0.type == "version.burnt" })
            let data = try #require(told.object["data"] as? [String: Any])
            #expect(data["agent"] as? String == "thermostat" && data["version"] as? Int == 1)
            #expect((data["reason"] as? String)?.hasSuffix("new calls go to the agent's escalation") == true)
            if ProcessInfo.processInfo.environment["PARLEY_SHOW_EVENTS"] != nil { print(told.body) }
        } afterwards: { store, _ in
            let call = try await store.story(ofCarrierCall: "CA2").call
            #expect(call.endReason == "the agent's error budget is spent")
        }
    }

    /// The gate lets a campaign of the agent wait as long as that is so.
    private static func placesNoCalls(_ test: ServiceUnderTest) async throws {
        let store = test.service.store
        let office = CampaignOffice(
            store: store,
            rules: try CallingRules(
                directory: OfficeUnderTest.configurationFolder.appending(path: "campaigns").path),
            current: { test.service.roster.definitions })
        var campaign = CampaignDefinition()
        (campaign.name, campaign.agent, campaign.countries) = ("offers", "thermostat", ["US"])
        try await store.createCampaign(
            CampaignRecord(id: "m1", name: "offers", definition: try campaign.stored(), createdAt: Date()))
        _ = try await store.addContacts([NewContact(number: "+12125550123")], toCampaign: "m1", at: Date())
        let contact = try await store.contact(campaign: "m1", number: "+12125550123")
        func verdict() async throws -> GateDecision.Verdict? {
            let facts = try await office.facts(
                contact, in: campaign, isRunning: true, callerID: "+12125550100",
                abandonment: AbandonmentRate(answered: 0, abandoned: 0))
            return Gate.decide(facts, under: office.rules, at: Date()).decision.checks.first { $0.rule == .agent }?
                .verdict
        }
        guard case .wait = try await verdict() else {
            Issue.record("the gate lets calls of the agent be placed")
            return
        }
        campaign.agent = "reminder"
        #expect(try await verdict() == .dial)
    }

    @Test("a person's no to what a version wanted counts against it, once it is known")
    func rejected() async throws {
        try await ServiceUnderTest.run { test in
            let store = test.service.store
            try await Self.publish("Hello, one.", in: test)
            let version = try await Self.publish(
                "Hello, two.", adding: "error_budget: {allowed: 0, min_calls: 1, on_burn: roll_back}", in: test)
            try await Self.waitForLive(2, in: test)
            let id = try await test.finishedCall("CA1", saying: ["no thank you"])
            let review = try await store.file(
                ReviewDraft(
                    idempotencyKey: "k", callID: id, agent: "thermostat", agentVersion: version.hash, contact: "",
                    tool: "thermostat_set", arguments: "{}", reason: "r", expiresAt: Date() + 60))
            // The call was good so far.
            try await test.waitUntil("the call is counted") {
                try await test.metric("parley_error_budget_spent") == 0
                    && test.service.roster.lane("thermostat")?.live.number == 2
            }
            _ = try await store.decide(review: review.id, .rejected, by: "ann")
            try await Self.waitForLive(1, in: test)
        }
    }

    @Test("a version that cannot be loaded replaces nothing that works, and says why")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            let good = try await Self.publish("Hello, one.", in: test)
            try await Self.waitForLive(1, in: test)
            // As from a machine that has another set of tools.
            let source = try Self.source(greeting: "Hello, two.").replacing("thermostat_step", with: "thermostat_leap")
            let bundle = AgentBundle(file: "thermostat.yaml", source: Data(source.utf8))
            let definition = try bundle.definition()
            _ = try await test.service.store.publish(
                AgentVersionContent(hash: definition.version, file: bundle.file, source: bundle.source),
                of: "thermostat", by: "ann")
            try await test.waitUntil("the version is refused") {
                try await test.metric("parley_agent_versions_refused_total") == 1
            }
            #expect(try await Self.answer("CA1", in: test).version == good.hash)
            let list = try await test.api("GET", "/api/v1/agents/thermostat/versions").object
            #expect((list["refused"] as? String)?.contains("thermostat_leap") == true)
            #expect(test.log.contains("a version is not taken; what answered so far goes on", "version=2"))
            // Not tried again and again.
            try await Task.sleep(for: .milliseconds(1300))
            #expect(try await test.metric("parley_agent_versions_refused_total") == 1)
            try await Self.publish("Hello, three.", in: test)
            try await Self.waitForLive(3, in: test)
            let after = try await test.api("GET", "/api/v1/agents/thermostat/versions").object
            #expect(after["refused"] == nil && after["live"] as? Int == 3)
        }
    }

    @Test("the next start takes the published version though the file is broken by now, and none without one")
    func brokenFile() async throws {
        try await ServiceUnderTest.run { test in
            let configuration = test.service.configuration
            let file = URL(fileURLWithPath: configuration.agents.directory).appending(path: "thermostat.yaml")
            try Data("name: thermostat\nkind: flow\n".utf8).write(to: file)
            #expect(throws: AgentFileErrors.self) {
                try ParleyService(configuration: configuration, logger: test.log.logger)
            }
            try await Self.publish("Hello, one.", in: test)
            let next = try ParleyService(
                configuration: configuration, logger: test.log.logger, metrics: PrometheusRegistry())
            #expect(next.agents.agents.isEmpty && !next.agents.draftFaults.isEmpty)
            #expect(test.log.contains("an agent's file has a fault; its published version answers"))
            let keeper = VersionKeeper(
                configuration: configuration, store: next.store, files: next.agents,
                tools: { next.catalogue.definitions },
                lines: BrowserLines(configuration: configuration.public, calls: next.browserCalls),
                roster: next.roster, logger: test.log.logger)
            try await keeper.start(LightEngines())
            #expect(next.roster.lane("thermostat")?.live.definition.greeting == "Hello, one.")
            try next.store.close()
        }
    }
}
