import Agent
import AudioCore
import CallSession
import Callers
import Foundation
package import Logging
import Speech

/// Lets the embedded recognizer hear recordings as quickly as it can, without a call: what it makes of the words, and how
/// sure it is of them. Unlike a call's, the result does not depend on how busy the machine is.
package struct WordEvaluation: Sendable {
    /// Of the room before and after a recording, in samples: as in a call, the line is heard before the caller.
    private static let before = 8000
    private static let after = 2400
    private static let edge = 1920

    private let fixtures: String
    private let split: String?
    private let conditions: [String]
    private let configuration: ParleyConfiguration
    private let logger: Logger

    /// - Parameters:
    ///   - fixtures: the folder with `manifest.json`.
    ///   - split: `tune` or `held`; nil takes all.
    ///   - conditions: of `clean`, `snr20`, `snr10`.
    package init(
        fixtures: String, split: String?, conditions: [String], configuration: ParleyConfiguration, logger: Logger
    ) {
        self.fixtures = fixtures
        self.split = split
        self.conditions = conditions
        self.configuration = configuration
        self.logger = logger
    }

    package func run() async throws -> WordReport {
        let manifest = try FixtureManifest(directory: fixtures)
        let chosen = manifest.fixtures.filter { split == nil || $0.split == split }
        let library = try AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory))
        var vocabularies: [String: SpeechVocabulary] = [:]
        for name in Set(chosen.map(\.agent)) {
            guard let agent = library.agents[name] else { throw DemoError(reason: "there is no agent \"\(name)\"") }
            vocabularies[name] = SpeechVocabulary(agent.language)
        }
        let speech = configuration.speech
        var options = PocketSphinxConfiguration(cache: URL(fileURLWithPath: speech.models))
        options.models = URL(fileURLWithPath: speech.acousticModel)
        options.decoderCount = 1
        options.inletCapacity = .seconds(30)
        let recognizer = try PocketSphinxRecognizer(
            configuration: options, second: NeuralEngines(speech, logger: logger).secondRecognizer, logger: logger)
        defer { recognizer.close() }
        for vocabulary in vocabularies.values { try await recognizer.prepare(vocabulary) }

        var report = WordReport()
        for condition in conditions {
            for fixture in chosen {
                guard let vocabulary = vocabularies[fixture.agent] else { continue }
                let clip = try manifest.clip(fixture, condition: condition)
                    .inItsRoom(before: Self.before, after: Self.after, edge: Self.edge)
                let start = Self.before + max(fixture.speechStart, 0)
                let began = ContinuousClock.now
                let transcript = try await Self.hear(
                    clip.audio, from: start, vocabulary: vocabulary, context: fixture.context, by: recognizer)
                report.lines.append(
                    WordReport.Line(
                        fixture: fixture.id, condition: condition, intent: fixture.intent, said: fixture.text,
                        heard: transcript?.text ?? "", confidence: transcript?.confidence ?? 0,
                        isOutOfTask: transcript?.isOutOfTask ?? true,
                        milliseconds: (ContinuousClock.now - began) / .milliseconds(1), evidence: transcript?.evidence))
            }
        }
        return report
    }

    /// Plays a recording as one utterance, which begins where the voice detector would tell it.
    private static func hear(
        _ audio: [UInt8], from start: Int, vocabulary: SpeechVocabulary, context: String,
        by recognizer: PocketSphinxRecognizer
    ) async throws -> Transcript? {
        let (results, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
        let session = try recognizer.makeSession(format: .telephone, vocabulary: vocabulary) { event in
            switch event {
            case .interim, .provisional: break
            default: continuation.yield(event)
            }
        }
        defer { session.close() }
        let id = UtteranceID(1)
        func play(_ part: Range<Int>) {
            for frame in stride(from: part.lowerBound, to: part.upperBound, by: 160) {
                session.inlet.write(Array(audio[frame..<min(frame + 160, part.upperBound)]).span)
                session.audioArrived()
            }
        }
        let onset = min(start + 800, audio.count)
        play(0..<onset)
        session.beginUtterance(id, context: context)
        play(onset..<audio.count)
        session.pauseUtterance(id)
        session.finishUtterance(id)
        for await result in results {
            switch result {
            case .final(let transcript): return transcript
            case .failed(_, let error): throw error
            default: return nil
            }
        }
        return nil
    }
}
