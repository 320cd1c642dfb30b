import Agent
import Emulators
import Foundation
import Networking
import Testing

@testable import Service

@Suite("Callers who improvise")
struct ImprovisedCallerTests {
    @Test(
        "what a model writes is said, pressed or done",
        arguments: [
            ("Set it to seventy, please.", Scenario.Act.say("set it to seventy please"), false),
            ("That's it. Goodbye! [hang up]", .say("that's it goodbye"), true), ("[hang up]", .hangUp, true),
            ("[silence]", .silence, false), ("", .silence, false), ("[press 555#]", .press("555#"), false),
            ("(quietly) yes", .say("quietly yes"), false), ("[press abc]", .silence, false),
        ])
    func acts(text: String, act: Scenario.Act, leaves: Bool) {
        let (found, ends) = ImprovisedCaller.act(from: text)
        #expect(found == act)
        #expect(ends == leaves)
    }

    @Test("a caller with a goal is played by the configured model, hears the agent, and hangs up when it is reached")
    func played() async throws {
        let heard = Lock<[String]>([])
        try await withModel(script: { exchange in
            heard.withLock { $0.append(exchange.userText) }
            // As a model would: by what the agent has just said.
            return .init(exchange.userText.contains("seventy") ? "Thank you, goodbye. [hang up]" : "set it to seventy")
        }) { configuration, options in
            let report = try await VirtualSimulation(
                [Self.scenario], options: options, configuration: configuration, logger: LogCollector().logger
            ).run { _ in }
            let one = try #require(report.cases.first)
            #expect(one.faults == [], "\(one.story)")
            #expect(heard.withLock { $0.count } >= 2)
            #expect(heard.withLock { $0.first }?.isEmpty == false)
        }
    }

    @Test("a model that fails is the caller's fault, and told")
    func failing() async throws {
        try await withModel(
            faults: .init(repeating: .refuse(status: 401, code: "no", retryAfterMilliseconds: nil), count: 9)
        ) {
            configuration, options in
            let report = try await VirtualSimulation(
                [Self.scenario], options: options, configuration: configuration, logger: LogCollector().logger
            ).run { _ in }
            #expect(report.cases.first?.faults.first?.hasPrefix("the caller's model failed") == true)
        }
    }

    @Test("without a model the scenario says what is missing")
    func unconfigured() async throws {
        let error = await #expect(throws: DemoError.self) {
            try await withModel { configuration, options in
                var configuration = configuration
                configuration.providers = [:]
                _ = try await VirtualSimulation(
                    [Self.scenario], options: options, configuration: configuration, logger: LogCollector().logger
                ).run { _ in }
            }
        }
        #expect(error?.reason.contains("the caller improvises") == true)
        #expect(error?.reason.contains("providers") == true)
    }

    private static var scenario: Scenario {
        var scenario = Scenario(name: "cold-room", summary: "", agent: "thermostat")
        scenario.improvisation = Scenario.Improvisation(persona: "somebody who is cold", goal: "seventy degrees")
        scenario.expectations.temperature = 70
        scenario.expectations.tools = ["thermostat_set"]
        return scenario
    }

    private func withModel(
        faults: [OpenAIChatEmulatorConfiguration.Fault] = [],
        script:
            @escaping @Sendable (OpenAIChatEmulatorConfiguration.Exchange) -> OpenAIChatEmulatorConfiguration.Reply = {
                _ in .init("hello")
            }, _ body: (ParleyConfiguration, Simulation.Options) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-virtual-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        var fleet = EmulatorFleet.Configuration()
        fleet.openAI.script = script
        fleet.openAI.faults = faults
        let emulators = EmulatorFleet(fleet, logger: LogCollector().logger)
        let addresses = try await emulators.start()
        var root = ServiceUnderTest.shippedAgents
        for _ in 0..<2 { root.deleteLastPathComponent() }
        var configuration = ParleyConfiguration()
        configuration.agents.directory = ServiceUnderTest.shippedAgents.path
        configuration.tools.directory = root.appending(path: "config/tools").path
        configuration.tools.documents = root.appending(path: "config/documents").path
        var provider = ParleyConfiguration.Provider(kind: .openai)
        provider.url = addresses.openAI
        provider.apiKey = Secret("emulated")
        provider.model = "any"
        configuration.providers = ["caller": provider]
        let options = Simulation.Options(
            fixtures: root.appending(path: "audio-fixtures").path, concurrency: 1, directory: directory.path, seed: 1)
        do { try await body(configuration, options) } catch {
            await emulators.shutdown()
            throw error
        }
        await emulators.shutdown()
    }
}
