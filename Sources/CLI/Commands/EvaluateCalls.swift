import ArgumentParser
import Logging
import Service

/// `parley evaluate calls`
struct EvaluateCalls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Measures how well recorded callers are heard and understood, through the whole bridge.",
        discussion: """
            Every recording of the manifest is played into a call of its own, to an agent that has just asked the question which \
            the recording answers. Tune with the recordings of the split "tune" only.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The folder with manifest.json and the recordings.")
    var fixtures = "audio-fixtures"
    @Option(help: "The recordings to play.")
    var split = FixtureSplit.held
    @Option(parsing: .upToNextOption, help: "The conditions: clean, snr20, snr10.")
    var noise = ["clean", "snr20", "snr10"]
    @Option(help: "Calls at a time, 1 to 64. More than two for each core and the recognizer comes too late for some.")
    var concurrency = 4
    @Option(help: "The day that the manifest counts \"tomorrow\" from.")
    var today = "2026-11-23"
    @Option(help: "Holds the evaluation's database; emptied first. Must hold nothing else.")
    var directory = "var/evaluation"
    @Flag(help: "Print the figures and every line as one JSON object.")
    var json = false

    func validate() throws {
        guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency is 1 to 64") }
    }

    func run() async throws {
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration, minimumLevel: .warning)
        let options = Evaluation.Options(
            fixtures: fixtures, split: split.name, conditions: noise, concurrency: concurrency,
            today: today,
            directory: directory)
        do {
            let report = try await Evaluation(
                options, configuration: loaded.configuration, logger: Logger(label: "parley")
            ).run()
            if json { try Terminal.json(report) } else { Terminal.say(report.text) }
        } catch {
            Terminal.complain("the recordings could not be evaluated: \(error)")
            throw ExitCode.failure
        }
    }
}
