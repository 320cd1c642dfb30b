import ArgumentParser
import Service

/// `parley compare`
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares two runs of the same scenarios, before and after a change of an agent or of settings.",
        discussion: """
            Each file is what `parley simulate --json` printed. Differences come with 95 % confidence intervals. Exits with 1 \
            if something is shown to be worse, or a scenario fails that did not.
            """)

    @Argument(help: "The run before the change.")
    var before: String
    @Argument(help: "The run after it.")
    var after: String
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let comparison: SimulationComparison
        do {
            comparison = SimulationComparison(
                before: try SimulationResult(file: before), after: try SimulationResult(file: after))
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(78)
        }
        guard comparison.scenarios > 0 else {
            Terminal.complain("\(before) and \(after) have no scenario in common")
            throw ExitCode(78)
        }
        if json { try Terminal.json(comparison) } else { Terminal.say(comparison.text) }
        if comparison.isRegression { throw ExitCode.failure }
    }
}
