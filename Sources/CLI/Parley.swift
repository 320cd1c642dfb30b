import ArgumentParser

@main
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley", abstract: "A voice call agent: answers phone calls, hears, acts and speaks.",
        subcommands: [
            Serve.self, RunDemo.self, Check.self, Calls.self, Campaign.self, Dial.self, Sandbox.self, Agents.self,
            Evaluate.self, Load.self,
        ])
}
