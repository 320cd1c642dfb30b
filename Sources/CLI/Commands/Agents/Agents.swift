import Agent
import ArgumentParser
import Logging
import Service

/// `parley agent`
struct Agents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Tries agents in the terminal, and publishes their versions.",
        subcommands: [
            AgentChat.self, AgentRun.self, AgentTest.self, CheckAgents.self, AgentPublish.self, AgentVersions.self,
            AgentDiff.self, AgentRollBack.self, AgentSplit.self, AgentUnpublish.self,
        ])

    /// The agents of the configuration, ready to talk; an exit with the reason when they are not.
    static func bench(_ common: CommonOptions) async throws -> AgentBench {
        let configuration = try common.load().configuration
        Observability.bootstrap(configuration, minimumLevel: .warning)
        do {
            let bench = try AgentBench(configuration: configuration, logger: Logger(label: "parley.agent"))
            try await bench.setUp()
            return bench
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// Prints an output as words or as JSON, one line.
    static func show(_ output: DialogueOutput, json: Bool) {
        if json {
            try? Terminal.jsonLine(AgentOutputRecord(output))
        } else if let line = AgentText.line(output) {
            Terminal.say(line)
        }
    }
}
