import Agent
import ArgumentParser
import Foundation
import Service

/// `parley agent chat`
struct AgentChat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talks to an agent: you type what the caller says.",
        discussion: """
            An empty line is silence, `/keys 12` presses telephone keys, `/mumble` is speech that nobody understands, the end \
            of input hangs up. Tools are the real ones, over the configured store.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Option(help: "The caller's telephone number.")
    var from = ""
    @Flag(help: "Print one JSON object a line instead of words.")
    var json = false

    func run() async throws {
        let bench = try await Agents.bench(common)
        do {
            try await talk(bench)
        } catch {
            await bench.close()
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        await bench.close()
    }

    private func talk(_ bench: AgentBench) async throws {
        let call = CallFacts(callID: "chat-\(CallID.new())", callerNumber: from)
        var conversation = TextConversation(try bench.dialogue(of: try bench.agent(name), call: call), call: call)
        let show: (DialogueOutput) -> Void = { [json] in Agents.show($0, json: json) }
        _ = try await conversation.start(watching: show)
        var silences = 0
        while conversation.ending == nil {
            if !json { Terminal.prompt("> ") }
            guard let line = readLine() else { return }
            let text = line.trimmingCharacters(in: .whitespaces)
            silences = text.isEmpty ? silences + 1 : 0
            switch text {
            case "": _ = try await conversation.send(.callerSilent(count: silences), watching: show)
            case "/mumble": _ = try await conversation.send(.callerNotUnderstood, watching: show)
            case _ where text.hasPrefix("/keys "):
                _ = try await conversation.send(
                    .keysPressed(text.dropFirst(6).filter { "0123456789*#ABCD".contains($0) }), watching: show)
            default: _ = try await conversation.say(text, watching: show)
            }
        }
    }
}
