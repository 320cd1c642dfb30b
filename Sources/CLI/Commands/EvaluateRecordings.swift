import ArgumentParser
import Logging
import Service

/// `parley evaluate recordings`
struct EvaluateRecordings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings",
        abstract: "Measures how recorded callers are heard and understood by the embedded recognizer, without a call.",
        discussion: "As quick as the machine is, and the same however busy it is.")

    @OptionGroup var common: CommonOptions
    @Option(help: "The folder with manifest.json and the recordings.")
    var fixtures = "audio-fixtures"
    @Option(help: "The recordings to play.")
    var split = FixtureSplit.tune
    @Option(parsing: .upToNextOption, help: "The conditions: clean, snr20, snr10.")
    var noise = ["clean", "snr20", "snr10"]
    @Option(help: "The day that the manifest counts \"tomorrow\" from.")
    var today = "2026-11-23"
    @Flag(help: "Print the figures and every line as one JSON object.")
    var json = false

    func run() async throws {
        let configuration = try common.load().configuration
        Observability.bootstrap(configuration, minimumLevel: .warning)
        do {
            let report = try await RecordingEvaluation(
                fixtures: fixtures, split: split.name, conditions: noise, today: today,
                configuration: configuration, logger: Logger(label: "parley")
            ).run()
            if json { try Terminal.json(report) } else { Terminal.say(report.text) }
        } catch {
            Terminal.complain("the recordings could not be evaluated: \(error)")
            throw ExitCode.failure
        }
    }
}
