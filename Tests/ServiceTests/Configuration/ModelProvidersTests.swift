import Agent
import Emulators
import Foundation
import Logging
import Testing

@testable import Service

@Suite("Providers of language models")
struct ModelProvidersTests {
    private static let root = ConfigurationReferenceTests.file.deletingLastPathComponent().deletingLastPathComponent()
    private static let keys = ["ANTHROPIC_API_KEY": "a", "GEMINI_API_KEY": "g", "OPENAI_API_KEY": "o"]

    /// The YAML of docs/models.md that begins with a comment that names `file`.
    private static func documented(_ file: String) throws -> String {
        let page = try String(contentsOf: root.appending(path: "docs/models.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```").filter { $0.hasPrefix("yaml\n# \(file)\n") }
        return try String(#require(blocks.first).dropFirst("yaml\n".count))
    }

    private static func load(_ yaml: String) throws -> ParleyConfiguration {
        try ConfigurationLoader(environment: keys).read(Data(yaml.utf8), file: "parley.yaml").configuration
    }

    /// The assistant with another `model` section.
    private static func assistant(_ model: String) throws(AgentFileErrors) -> AgentDefinition {
        let file = root.appending(path: "config/agents/assistant.yaml")
        var lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").components(separatedBy: "\n")
        let start = lines.firstIndex(of: "model:") ?? 0
        let end = lines.firstIndex { $0.hasPrefix("instructions:") } ?? start
        lines.replaceSubrange(start..<end, with: [model])
        return try AgentDefinition(yaml: Data(lines.joined(separator: "\n").utf8), file: "assistant.yaml") { _ in Data()
        }
    }

    @Test("What docs/models.md shows is read as it says")
    func documentation() throws {
        let configuration = try Self.load(Self.documented("config/parley.yaml"))
        #expect(
            configuration.providers.mapValues(\.kind) == [
                "claude": .anthropic, "gemini": .gemini, "gpt": .openAIResponses, "local": .openai,
            ])
        #expect(configuration.providers["claude"]?.baseURL == "https://api.anthropic.com")
        #expect(configuration.providers["gemini"]?.effort == "none")
        #expect(configuration.providers["gpt"]?.apiKey?.value == "o")
        let agent = try Self.assistant(Self.documented("config/agents/assistant.yaml"))
        guard case .model(let settings) = agent.engine else { throw CocoaError(.coderInvalidValue) }
        #expect(settings.providers == ["claude", "gemini", "local"])
        #expect(settings.hedgeAfter == .milliseconds(1500))
        #expect(configuration.objection(to: agent) == nil)
    }

    private static let common = """
          max_tokens: 300
          step_budget: 6
          apology: "Sorry."
          not_understood: "Pardon?"
        """.split(separator: "\n").map { "  " + $0.drop { $0 == " " } }.joined(separator: "\n") + "\n"

    @Test(
        "A chain that cannot be is a fault at its line",
        arguments: [
            ("  provider: a\n  fallback: [b, a]\n", 2, "`fallback` names the provider `a` again"),
            ("  provider: a\n  fallback: [b, c, b]\n", 2, "`fallback` names the provider `b` again"),
            ("  provider: a\n  fallback: [b, c, d, e, f]\n", 2, "names 5 providers; 4 at most"),
            ("  provider: a\n  fallback: []\n", 2, "empty list"),
            ("  provider: a\n  hedge_after: 1\n", 2, "does nothing without `fallback`"),
            ("  provider: a\n  fallback: b\n  hedge_after: 90\n", 3, "from 0.1 to 60"),
            ("  provider: a\n  fallback: b\n  hedge_after: 4\n", 3, "shorter than `first_token_deadline`"),
        ])
    func faults(section: String, line: Int, reason: String) throws {
        let start =
            try #require(
                try String(
                    contentsOf: Self.root.appending(path: "config/agents/assistant.yaml"), encoding: .utf8
                ).components(separatedBy: "\n").firstIndex(of: "model:")) + 1
        do throws(AgentFileErrors) {
            _ = try Self.assistant("model:\n" + section + Self.common)
            Issue.record("must be a fault")
        } catch {
            #expect(error.faults.contains { $0.line == start + line && $0.reason.contains(reason) }, "\(error)")
        }
    }

    @Test("Every provider of a chain must be there, be a language model, and know its model")
    func objections() throws {
        let agent = try Self.assistant("model:\n  provider: a\n  name: m\n  fallback: [b]\n" + Self.common)
        func objection(_ providers: String) throws -> String? {
            try Self.load("providers:\n" + providers).objection(to: agent)
        }
        #expect(try objection("  a: {kind: anthropic}\n  b: {kind: gemini, model: g}") == nil)
        #expect(try objection("  a: {kind: anthropic}\n  b: {kind: openai}") == nil)
        #expect(try objection("  a: {kind: anthropic}")?.contains("provider `b`: there is no provider") == true)
        #expect(try objection("  a: {kind: openai}\n  b: {kind: deepgram}")?.contains("no language model") == true)
        #expect(try objection("  a: {kind: openai}\n  b: {kind: gemini}")?.contains("providers.b.model") == true)
        let faults = agent.faults(tools: [], providers: ["a"]).map(\.reason)
        #expect(faults.contains { $0.contains("there is no model provider `b`") })
    }

    @Test("Every kind of language model answers")
    func vendors() async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.openAI.script = { .init("chat \($0.model)") }
        fleet.openAIResponses.script = { .init("responses \($0.model)") }
        fleet.anthropic.script = { .init("messages \($0.model)") }
        fleet.gemini.script = { .init("gemini \($0.model)") }
        let emulators = EmulatorFleet(fleet, logger: Logger(label: "test"))
        let addresses = try await emulators.start()
        let configuration = try Self.load(
            """
            providers:
              chat: {kind: openai, url: '\(addresses.openAI)', api_key: emulated, model: m1}
              responses: {kind: openai-responses, url: '\(addresses.openAI)', api_key: emulated, model: m2}
              messages: {kind: anthropic, url: '\(addresses.anthropic)', api_key: emulated, model: m3}
              gemini: {kind: gemini, url: '\(addresses.gemini)', api_key: emulated, model: m4}
              ears: {kind: deepgram}
            """)
        let vendors = Vendors(configuration, logger: Logger(label: "test"))
        let request = ModelRequest(instructions: "Be kind.", messages: [.user("Hello")])
        var answers: [String] = []
        for (_, model) in vendors.models.sorted(by: { $0.key < $1.key }) {
            var text = ""
            for try await case .text(let piece) in model.answer(request) { text += piece }
            answers.append(text)
        }
        await vendors.close()
        await emulators.shutdown()
        #expect(answers == ["chat m1", "gemini m4", "messages m3", "responses m2"])
    }
}
