import Agent
import ArgumentParser
import Service

/// `parley agent run`
struct AgentRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Gives an agent one task and prints what it does.",
        discussion:
            "Exits with 0 only if the task was understood, the last call of every tool succeeded and nobody had to be asked for help."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Option(help: "What it shall do, in words.")
    var goal: String
    @Flag(help: "Print one JSON object a line instead of words.")
    var json = false

    func run() async throws {
        let bench = try await Agents.bench(common)
        let isDone: Bool
        do {
            isDone = try await work(bench)
        } catch {
            await bench.close()
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        await bench.close()
        if !isDone { throw ExitCode.failure }
    }

    private func work(_ bench: AgentBench) async throws -> Bool {
        let call = CallFacts(callID: "task-\(CallID.new())")
        var conversation = TextConversation(try bench.dialogue(of: try bench.agent(name), call: call), call: call)
        _ = try await conversation.start()
        let reply = try await conversation.say(goal) { [json] in Agents.show($0, json: json) }
        return reply.isDone
    }
}
