import Foundation
import Logging
import Networking
import Speech
import Testing

@testable import Service

@Suite("The neural engines")
struct NeuralEnginesTests {
    private static let models = ConfigurationReferenceTests.file.appending(path: "../../.cache/neural")
        .standardizedFileURL
        .path
    private static let areInstalled = NeuralFiles(directory: models).hasSilero

    private func speech(_ detector: ParleyConfiguration.Speech.VoiceDetector, models: String)
        -> ParleyConfiguration.Speech
    {
        var speech = ParleyConfiguration.Speech()
        speech.voiceDetector = detector
        speech.neuralModels = models
        return speech
    }

    @Test("Silero without its files is a warning, and the built-in detector serves")
    func absent() {
        let speech = speech(.silero, models: "/nowhere")
        let log = LogCollector()
        let engines = NeuralEngines(speech, logger: log.logger)
        guard case .builtIn = engines.voiceDetection(on: EventLoop(name: "test", logger: log.logger)) else {
            Issue.record("something else serves")
            return
        }
        #expect(log.lines.contains { $0.contains("the built-in detector serves") && $0.contains("/nowhere") })
        let report = NeuralEngines.report(speech)
        #expect(report.hasPrefix("built-in, because Silero cannot be used"))
        #expect(report.contains("scripts/setup"))
    }

    @Test("The built-in detector needs no files and says nothing")
    func builtIn() {
        let log = LogCollector()
        let engines = NeuralEngines(speech(.builtin, models: "/nowhere"), logger: log.logger)
        guard case .builtIn = engines.voiceDetection(on: EventLoop(name: "test", logger: log.logger)) else {
            Issue.record("something else serves")
            return
        }
        #expect(log.lines.isEmpty)
        #expect(NeuralEngines.report(speech(.builtin, models: "/nowhere")) == "built-in")
    }

    @Test(
        "The calls of a loop share a batch, those of another do not",
        .enabled(if: areInstalled, "scripts/setup has not fetched the neural models"))
    func batches() {
        let log = LogCollector()
        let speech = speech(.silero, models: Self.models)
        let engines = NeuralEngines(speech, logger: log.logger)
        let (one, two) = (EventLoop(name: "1", logger: log.logger), EventLoop(name: "2", logger: log.logger))
        guard case .silero(let first) = engines.voiceDetection(on: one),
            case .silero(let again) = engines.voiceDetection(on: one),
            case .silero(let other) = engines.voiceDetection(on: two)
        else {
            Issue.record("the model is not used: \(log.lines)")
            return
        }
        #expect(first === again)
        #expect(first !== other)
        #expect(NeuralEngines.report(speech).hasPrefix("Silero on ONNX Runtime 1."))
    }
}
