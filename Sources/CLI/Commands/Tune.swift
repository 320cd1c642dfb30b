import ArgumentParser
import Service
import Store

/// `parley tune`
struct Tune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks for better turn-taking settings in the journals of past calls.",
        discussion: """
            Every pause of the callers is tried with other waits: would the turn have ended sooner, and would the caller have \
            been cut short? Proposed are one wait for each state of a turn, and profiles of all waits of which none is better \
            in both, with what they rest on. What would interrupt more callers than is acceptable is not. Put one into the \
            section `turns`, and see with `parley replay all --with` what it would have changed.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "Only the calls of this agent.")
    var agent: String?
    @Option(help: "Only so many calls, the newest.")
    var limit = 1000
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is 1 to 100000") }
    }

    func run() async throws {
        let configuration = try common.load().configuration
        let store = try Calls.store(common)
        defer { try? store.close() }
        let tuning = try await TurnTuning(store, configuration: configuration, agent: agent, limit: limit) {
            Terminal.complain("\($0)  left out: \($1)")
        }
        guard tuning.pauses > 0 else {
            Terminal.complain("no call of the store holds a pause to learn from; hold some calls first")
            throw ExitCode.failure
        }
        if json { try Terminal.json(tuning) } else { Terminal.say(tuning.text) }
    }
}
