package import Agent
import Emulators
import Foundation
package import Logging
import Networking
import Store

/// Runs scripts: files of conversations with what must come of them.
package struct AgentScripts: Sendable {
    /// What a script came to.
    package struct Report: Sendable, Encodable {
        package var file: String
        package var agent: String
        package var conversations: [ScriptVerdict]

        package var passed: Bool { conversations.allSatisfy(\.passed) }
    }

    private let configuration: ParleyConfiguration
    private let agents: AgentLibrary
    private let usesRealModels: Bool
    private let logger: Logger

    /// Reads the agents.
    ///
    /// - Parameter usesRealModels: asks the configured models, and leaves what the scripts say of them aside.
    package init(configuration: ParleyConfiguration, usesRealModels: Bool, logger: Logger) throws {
        self.configuration = configuration
        agents = try AgentLibrary.load(
            directory: URL(fileURLWithPath: configuration.agents.directory),
            meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
        self.usesRealModels = usesRealModels
        self.logger = logger
    }

    /// Holds every conversation of the script, each with an empty store of its own. Connectors talk to emulators of their
    /// vendors on this machine, and to nobody else, unless the real models are asked.
    ///
    /// - Parameter watching: sees the conversation of that name as it goes.
    package func run(
        _ script: ConversationScript, watching: (String, ScriptRun.Event) -> Void = { _, _ in }
    ) async throws -> Report {
        var report = Report(file: script.file, agent: script.agent, conversations: [])
        let emulator = usesRealModels ? nil : ConnectorEmulator()
        let address = try emulator?.start()
        defer { emulator?.stop() }
        let environment =
            address.map { ConnectorEmulator.environment($0) } ?? ProcessInfo.processInfo.environment
        for scene in script.scenes {
            report.conversations.append(
                try await run(scene, of: script, environment: environment) { watching(scene.name, $0) })
        }
        return report
    }

    private func run(
        _ scene: ConversationScript.Scene, of script: ConversationScript, environment: [String: String],
        watching: (ScriptRun.Event) -> Void
    ) async throws -> ScriptVerdict {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("parley-script-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        var configuration = configuration
        configuration.store.confine(to: directory)
        if !usesRealModels { configuration.tools.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self) }
        let zone = configuration.calendar.timeZone
        let moment = script.moment(in: zone)
        let bench = try AgentBench(
            configuration: configuration, agents: agents, environment: environment, logger: logger, now: { moment })
        do {
            try await bench.setUp()
            let verdict = try await hold(scene, of: script, on: bench, watching: watching)
            await bench.close()
            return verdict
        } catch {
            await bench.close()
            throw error
        }
    }

    private func hold(
        _ scene: ConversationScript.Scene, of script: ConversationScript, on bench: AgentBench,
        watching: (ScriptRun.Event) -> Void
    ) async throws -> ScriptVerdict {
        let agent = try bench.agent(script.agent)
        let call = CallFacts(
            callID: CallID.new(), callerNumber: scene.callerNumber, parameters: scene.parameters)
        let known = Dictionary(
            bench.tools.map { ($0.definition.name, $0.definition) }, uniquingKeysWith: { first, _ in first })
        let replacing = scene.tools.map { name, answers in
            ScriptedTool(
                known[name]
                    ?? ToolDefinition(
                        name: name, summary: name, parameters: ["type": "object"],
                        risk: agent.tools[name] ?? .irreversible), answers: answers)
        }
        let model = agent.kind == .model && !usesRealModels ? ScriptedModel() : nil
        let dialogue = try bench.dialogue(of: agent, call: call, replacing: replacing, model: model)
        let store = bench.store
        return try await ScriptRun(scene).hold(
            ScriptRun.Stage(dialogue: dialogue, call: call, model: model),
            rows: { table, values in
                try await store.count(
                    ofTable: table, where: (values.object ?? [:]).mapValues { $0.string ?? $0.text })
            }, watching: watching)
    }
}

extension ConversationScript {
    /// When its conversations take place.
    fileprivate func moment(in zone: TimeZone) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = DateComponents(
            year: today.year, month: today.month, day: today.day, hour: time.hour, minute: time.minute)
        return calendar.date(from: parts) ?? Date(timeIntervalSince1970: Double(today.dayNumber) * 86_400)
    }
}
