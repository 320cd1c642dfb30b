import ArgumentParser
import Service

/// `parley evaluate voice`
struct EvaluateVoice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voice",
        abstract: "Measures how well and how soon the voice detectors hear that somebody speaks, and what they cost.",
        discussion: """
            Every recording of the manifest is played to the built-in detector and, where its files are installed, to Silero. \
            Tune with the recordings of the split "tune" only.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The folder with manifest.json and the recordings.")
    var fixtures = "audio-fixtures"
    @Option(help: "The recordings to play.")
    var split = FixtureSplit.all
    @Flag(help: "Print the figures as one JSON object.")
    var json = false

    func run() async throws {
        let configuration = try common.load().configuration
        do {
            let report = try VoiceEvaluation(
                fixtures: fixtures, splits: split.names,
                models: configuration.speech.neuralModels
            ).run()
            if json { try Terminal.json(report) } else { Terminal.say(report.text) }
        } catch {
            Terminal.complain("the recordings could not be evaluated: \(error)")
            throw ExitCode.failure
        }
    }
}
