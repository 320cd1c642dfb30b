package import Agent
import Foundation
package import Logging
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

    /// - Parameters:
    ///   - agents: read before.
    ///   - usesRealModels: as in ``init(configuration:usesRealModels:logger:)``.
    package init(
        configuration: ParleyConfiguration, agents: AgentLibrary, usesRealModels: Bool, logger: Logger
    ) {
        self.configuration = configuration
        self.agents = agents
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
        guard !usesRealModels else {
            return try await run(
                script, environment: ProcessInfo.processInfo.environment, emulators: nil, configuration,
                watching: watching)
        }
        return try await DryBench.withConnectors { emulators, environment in
            try await run(
                script, environment: environment, emulators: emulators, configuration.withEmulatedConnectors,
                watching: watching)
        }
    }

    private func run(
        _ script: ConversationScript, environment: [String: String], emulators: String?,
        _ configuration: ParleyConfiguration, watching: (String, ScriptRun.Event) -> Void
    ) async throws -> Report {
        var report = Report(file: script.file, agent: script.agent, conversations: [])
        let moment = script.moment(in: configuration.calendar.timeZone)
        for scene in script.scenes {
            try Task.checkCancellation()
            let verdict = try await DryBench.run(
                configuration, agents: agents, environment: environment, emulators: emulators, logger: logger,
                now: { moment }
            ) { bench in
                try await hold(scene, of: script, on: bench) { watching(scene.name, $0) }
            }
            report.conversations.append(verdict)
        }
        return report
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
