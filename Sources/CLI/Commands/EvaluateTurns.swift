import ArgumentParser
import Logging
import Service

/// `parley evaluate turns`
struct EvaluateTurns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turns",
        abstract: "Measures whether the end-of-turn model tells the end of a turn from a pause within it.",
        discussion:
            "The model is asked 200 ms after the last word, at each pause, and 200 ms after a cut at 60 % of the words."
    )

    @OptionGroup var common: CommonOptions
    @Option(help: "The folder with manifest.json and the recordings.")
    var fixtures = "audio-fixtures"
    @Option(help: "The recordings to play.")
    var split = FixtureSplit.all
    @Option(help: "A folder of other WAV files, each a whole sentence.")
    var clips: String?
    @Flag(help: "Print every likelihood as one JSON object.")
    var json = false

    func run() async throws {
        let configuration = try common.load().configuration
        Observability.bootstrap(configuration, minimumLevel: .warning)
        do {
            let report = try await TurnEvaluation(
                fixtures: fixtures, splits: split.names, clips: clips,
                models: configuration.speech.neuralModels, logger: Logger(label: "parley")
            ).run()
            if json { try Terminal.json(report) } else { Terminal.say(report.text) }
        } catch {
            Terminal.complain("the recordings could not be evaluated: \(error)")
            throw ExitCode.failure
        }
    }
}
