import Agent
import Foundation
import Logging
import Service
import TestSupport
import Testing

@Suite("The scripts of the agents that ship")
struct AgentScriptsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let scripts = root.appendingPathComponent("config/agents/tests")

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: scripts.path)) ?? []).sorted()

    private static func configuration() -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        configuration.agents.directory = root.appendingPathComponent("config/agents").path
        configuration.tools.directory = root.appendingPathComponent("config/tools").path
        configuration.tools.documents = root.appendingPathComponent("config/documents").path
        configuration.calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return configuration
    }

    private static let runner = Result {
        try AgentScripts(configuration: configuration(), usesRealModels: false, logger: Logger(label: "test"))
    }

    @Test("are met")
    func met() async {
        await AtOnce.each(Self.names, atMost: 2) {
            try await Self.met($0)
        } failed: {
            Issue.record($1, "\($0)")
        }
    }

    private static func met(_ name: String) async throws {
        let script = try ConversationScript(
            yaml: Data(contentsOf: Self.scripts.appendingPathComponent(name)), file: name)
        let report = try await Self.runner.get().run(script)
        #expect(!report.conversations.isEmpty, "\(name)")
        for conversation in report.conversations {
            #expect(conversation.failures == [], "\(name): \(conversation.name)")
        }
    }

    @Test("the example of docs/safety.md is met as well")
    func example() async throws {
        let folder = Self.root.appendingPathComponent("docs/examples/verified")
        var configuration = Self.configuration()
        configuration.agents.directory = folder.path
        let scripts = try AgentScripts(
            configuration: configuration, usesRealModels: false, logger: Logger(label: "test"))
        let script = try ConversationScript(
            yaml: Data(contentsOf: folder.appendingPathComponent("tests/account.yaml")), file: "account.yaml")
        for conversation in try await scripts.run(script).conversations {
            #expect(conversation.failures == [], "\(conversation.name)")
        }
    }

    @Test("exist for every agent")
    func complete() throws {
        let agents = try AgentLibrary.load(directory: URL(fileURLWithPath: Self.configuration().agents.directory))
        #expect(Set(Self.names) == Set(agents.agents.keys.map { "\($0).yaml" }))
    }

    @Test("fail with reasons where a row was not stored or a table does not exist")
    func unstored() async throws {
        let yaml = """
            agent: receptionist
            today: 2026-11-23
            conversations:
              - name: says hello
                turns: [{caller: hello}]
                stored: {appointments: {name: Nobody}}
            """
        let scripts = try Self.runner.get()
        let report = try await scripts.run(try ConversationScript(yaml: Data(yaml.utf8), file: "x"))
        #expect(
            report.conversations.first?.failures.map(\.reason)
                == [#"appointments must hold a row with {"name":"Nobody"}"#])
        let wrong = yaml.replacing("appointments", with: "appointmens")
        await #expect(throws: (any Error).self) {
            _ = try await scripts.run(try ConversationScript(yaml: Data(wrong.utf8), file: "x"))
        }
    }
}
