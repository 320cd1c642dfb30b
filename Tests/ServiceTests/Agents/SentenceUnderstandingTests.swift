import Agent
import Foundation
import Speech
import Testing

@testable import Service

@Suite("Understanding by sentences")
struct SentenceUnderstandingTests {
    private static let root = ConfigurationReferenceTests.file.appending(path: "../..").standardizedFileURL
    private static let models = root.appending(path: ".cache/neural").path
    private static let today = CivilDate(iso: "2026-11-23")

    private func configuration(models: String) -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        configuration.speech.neuralModels = models
        return configuration
    }

    @Test(
        "held utterances are understood as well as docs/agents.md says, less a little",
        .enabled(if: NeuralFiles(directory: models).hasSentences, "scripts/setup has not fetched the neural models"))
    func heldUtterances() throws {
        let log = LogCollector()
        let meanings = try #require(
            SentenceUnderstanding.meanings(configuration(models: Self.models), logger: log.logger))
        let file = Self.root.appending(path: "Benchmarks/intents/utterances.tsv")
        let report = try IntentEvaluation(
            IntentUtterance.read(String(decoding: Data(contentsOf: file), as: UTF8.self)),
            agents: AgentLibrary.load(directory: Self.root.appending(path: "config/agents"), meanings: meanings),
            today: try #require(Self.today), meanings: meanings)
        let least = ["forty": 0.92, "receptionist": 0.9, "thermostat": 0.75]
        for score in report.scores {
            #expect(score.accuracy >= least[score.name, default: 1], "\(report.text)")
            #expect(score.calibrationError <= (score.count < 100 ? 0.12 : 0.05), "\(report.text)")
        }
        #expect(report.scores.count == least.count)
        #expect(log.lines.isEmpty)
    }

    @Test(
        "what was said is remembered by each tenant alone, with one model for all",
        .enabled(if: NeuralFiles(directory: models).hasSentences, "scripts/setup has not fetched the neural models"))
    func tenants() throws {
        let log = LogCollector()
        func meanings(_ tenant: String?) throws -> SentenceMeanings {
            var configuration = configuration(models: Self.models)
            configuration.tenant = tenant
            return try #require(SentenceUnderstanding.meanings(configuration, logger: log.logger))
        }
        #expect(try meanings("north") === meanings("north") && meanings(nil) === meanings(nil))
        #expect(try meanings("north") !== meanings("south") && meanings("north") !== meanings(nil))
    }

    @Test("without the model's files the words serve, which is a warning that says what to do")
    func absent() {
        let log = LogCollector()
        #expect(SentenceUnderstanding.meanings(configuration(models: "/nowhere"), logger: log.logger) == nil)
        #expect(log.lines.contains { $0.contains("by words alone") && $0.contains("scripts/setup") })
        let report = SentenceUnderstanding.report(configuration(models: "/nowhere"), logger: log.logger)
        #expect(report.hasPrefix("words, because the sentence model cannot be used"))
    }

    @Test("words are a choice, and need no files")
    func words() {
        let log = LogCollector()
        var configuration = configuration(models: "/nowhere")
        configuration.agents.understanding = .words
        #expect(SentenceUnderstanding.meanings(configuration, logger: log.logger) == nil)
        #expect(SentenceUnderstanding.report(configuration, logger: log.logger) == "words")
        #expect(log.lines.isEmpty)
    }
}
