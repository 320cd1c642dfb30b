import ArgumentParser

@main
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley", abstract: "A voice call agent: answers phone calls, hears, acts and speaks.",
        subcommands: [
            Serve.self, RunDemo.self, Mic.self, Simulate.self, Compare.self, Replay.self, Tune.self, Check.self,
            Calls.self, Recordings.self, Campaign.self,
            Dial.self, Sandbox.self, Keys.self, Accounts.self, Backup.self, Restore.self, Agents.self, Teams.self,
            Reviews.self,
            Callbacks.self, Voicemails.self,
            Webhooks.self, Nodes.self, Audit.self, Person.self,
            Evaluate.self,
            Emulate.self, Load.self,
        ])
}
