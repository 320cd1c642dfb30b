import Agent
import ArgumentParser
import Foundation
import Logging
import Service

/// `parley evaluate intents`
struct EvaluateIntents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intents",
        abstract: "Measures how well wordings that nobody trained with are understood, from their text alone.",
        discussion: """
            Forty intents of several domains, learned from the file's own training lines, and the shipped agents, which know \
            nothing but their own examples. Never tune with the lines marked "held".
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The utterances, tab-separated.")
    var file = "Benchmarks/intents/utterances.tsv"
    @Option(help: "The day that \"tomorrow\" is counted from.")
    var today = "2026-11-23"
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard CivilDate(iso: today) != nil else { throw ValidationError("--today is a day such as 2026-11-23") }
    }

    func run() async throws {
        let configuration = try common.load().configuration
        do {
            let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
            let meanings = SentenceUnderstanding.meanings(configuration, logger: Logger(label: "parley.evaluate"))
            let agents = try AgentLibrary.load(
                directory: URL(fileURLWithPath: configuration.agents.directory), meanings: meanings)
            let report = try IntentEvaluation(
                IntentUtterance.read(text), agents: agents, today: CivilDate(iso: today) ?? CivilDate(dayNumber: 0),
                meanings: meanings)
            if json { try Terminal.json(report) } else { Terminal.say(report.text) }
        } catch {
            Terminal.complain("\(file) could not be evaluated: \(error)")
            throw ExitCode.failure
        }
    }
}
