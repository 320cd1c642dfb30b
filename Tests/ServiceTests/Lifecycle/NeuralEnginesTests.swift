import CallSession
import Foundation
import Logging
import Networking
import Speech
import Store
import Testing

@testable import Service

@Suite("The neural engines")
struct NeuralEnginesTests {
    private static let models = ConfigurationReferenceTests.file.appending(path: "../../.cache/neural")
        .standardizedFileURL
        .path
    private static let areInstalled = NeuralFiles(directory: models).hasSilero

    private func speech(
        _ detector: ParleyConfiguration.Speech.VoiceDetector,
        second: ParleyConfiguration.Speech.SecondRecognizer = .none, models: String
    ) -> ParleyConfiguration.Speech {
        var speech = ParleyConfiguration.Speech()
        speech.voiceDetector = detector
        speech.secondRecognizer = second
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
        let report = engines.report.voices
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
        #expect(engines.report.voices == "built-in")
        #expect(engines.report.words == "none asked for")
    }

    @Test("Moonshine without its files is a warning, and the first recognizer hears alone")
    func noSecondRecognizer() {
        let log = LogCollector()
        let engines = NeuralEngines(speech(.builtin, second: .moonshine, models: "/nowhere"), logger: log.logger)
        #expect(engines.secondRecognizer == nil)
        #expect(log.lines.contains { $0.contains("speech.second_recognizer") && $0.contains("/nowhere") })
        #expect(engines.report.words.hasPrefix("none, because Moonshine cannot be used"))
    }

    @Test("Smart Turn without its files is a warning, and words and pauses decide alone")
    func noEndOfTurnModel() {
        let log = LogCollector()
        var speech = speech(.builtin, models: "/nowhere")
        #expect(NeuralEngines(speech, logger: log.logger).report.turns == "words and pauses")
        speech.endOfTurn = .smartTurn
        let engines = NeuralEngines(speech, logger: log.logger)
        #expect(engines.endOfTurnModel == nil)
        #expect(log.lines.contains { $0.contains("speech.end_of_turn") && $0.contains("/nowhere") })
        #expect(engines.report.turns.hasPrefix("words and pauses, because Smart Turn cannot be used"))
    }

    @Test(
        "Smart Turn serves where it is configured",
        .enabled(
            if: NeuralFiles(directory: models).hasSmartTurn, "scripts/setup has not fetched the neural models"))
    func endOfTurnModel() {
        let log = LogCollector()
        var speech = speech(.builtin, models: Self.models)
        speech.endOfTurn = .smartTurn
        let engines = NeuralEngines(speech, logger: log.logger)
        defer { engines.close() }
        #expect(engines.endOfTurnModel != nil)
        #expect(log.lines.isEmpty)
        #expect(engines.samples.count == 3)
    }

    @Test(
        "Smart Turn judges the pauses of a call, and no call waits for it",
        .enabled(
            if: NeuralFiles(directory: models).hasSmartTurn, "scripts/setup has not fetched the neural models"))
    func endOfTurnOnACall() async throws {
        var speech = speech(.builtin, models: Self.models)
        speech.endOfTurn = .smartTurn
        let neural = NeuralEngines(speech, logger: LogCollector().logger)
        defer { neural.close() }
        let engines = LightEngines(endOfTurnModel: neural.endOfTurnModel)
        // Long enough for a slow machine to judge within it.
        let patient: (inout ParleyConfiguration, URL) -> Void = { configuration, _ in
            configuration.conversation.turns.completeWait = .seconds(2)
        }
        try await ServiceUnderTest.run(engines: engines, configure: patient) { test in
            let reason = try await test.call("CA1", saying: ["what is the temperature", "no thank you"])
            #expect(reason.contains("1000"))
        } afterwards: { store, _ in
            let call = try await store.story(ofCarrierCall: "CA1").call.id
            let journal = try await store.journal(ofCall: call)
            let kinds = journal.map(\.kind)
            let judged = kinds.indices.filter { kinds[$0] == "endOfTurnLikely" }
            #expect(!judged.isEmpty && judged.count <= kinds.count { $0 == "voiceStopped" })
            for index in judged { #expect(kinds[..<index].contains("voiceStopped")) }
            #expect(try CallReplay(call: call, journal: journal).run().isExact)
        }
    }

    @Test("A remote recognizer needs no second one")
    func remote() {
        let log = LogCollector()
        var speech = speech(.builtin, second: .moonshine, models: "/nowhere")
        speech.recognizer = [.provider("deepgram")]
        #expect(NeuralEngines(speech, logger: log.logger).secondRecognizer == nil)
        #expect(log.lines.isEmpty)
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
        #expect(engines.report.voices.hasPrefix("Silero on ONNX Runtime 1."))
    }
}
