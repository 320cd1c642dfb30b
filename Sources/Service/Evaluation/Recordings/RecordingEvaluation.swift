import Agent
import AudioCore
import CallSession
import Callers
import Codecs
import Foundation
package import Logging
import Speech

/// Lets the embedded recognizer hear recordings as quickly as it can, without a call, and the agent's flow understand
/// them. Unlike a call's, the result does not depend on how busy the machine is.
package struct RecordingEvaluation: Sendable {
    /// Of the room before and after a recording, in samples: as in a call, the line is heard before the caller.
    private static let before = 8000
    private static let after = 2400
    private static let edge = 1920
    private static let frameSize = VoiceActivityDetector.frameSize

    private let fixtures: String
    private let split: String?
    private let conditions: [String]
    private let today: String
    private let configuration: ParleyConfiguration
    private let logger: Logger

    /// - Parameters:
    ///   - fixtures: the folder with `manifest.json`.
    ///   - split: `tune` or `held`; nil takes all.
    ///   - conditions: of `clean`, `snr20`, `snr10`.
    ///   - today: the day that the manifest counts "tomorrow" from, as `2026-11-23`.
    package init(
        fixtures: String, split: String?, conditions: [String], today: String, configuration: ParleyConfiguration,
        logger: Logger
    ) {
        self.fixtures = fixtures
        self.split = split
        self.conditions = conditions
        self.today = today
        self.configuration = configuration
        self.logger = logger
    }

    package func run() async throws -> EvaluationReport {
        guard let today = CivilDate(iso: today) else {
            throw DemoError(reason: "\"\(today)\" is no day; write it like 2026-11-23")
        }
        let manifest = try FixtureManifest(directory: fixtures)
        let chosen = manifest.fixtures.filter { split == nil || $0.split == split }
        let library = try AgentLibrary.load(
            directory: URL(fileURLWithPath: configuration.agents.directory),
            meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
        var listeners: [String: Listener] = [:]
        for name in Set(chosen.map(\.agent)) {
            guard let agent = library.agents[name] else { throw DemoError(reason: "there is no agent \"\(name)\"") }
            listeners[name] = Listener(agent: agent, vocabulary: SpeechVocabulary(agent.language))
        }
        let speech = configuration.speech
        var options = PocketSphinxConfiguration(cache: URL(fileURLWithPath: speech.models))
        options.models = URL(fileURLWithPath: speech.acousticModel)
        options.decoderCount = 1
        options.inletCapacity = .seconds(30)
        let recognizer = try PocketSphinxRecognizer(
            configuration: options, second: NeuralEngines(speech, logger: logger).secondRecognizer, logger: logger)
        defer { recognizer.close() }
        for listener in listeners.values { try await recognizer.prepare(listener.vocabulary) }

        var lines: [EvaluationReport.Line] = []
        for condition in conditions {
            for fixture in chosen {
                guard let listener = listeners[fixture.agent] else { continue }
                let clip = try manifest.clip(fixture, condition: condition)
                    .inItsRoom(before: Self.before, after: Self.after, edge: Self.edge)
                let began = ContinuousClock.now
                let transcript = try await Self.hear(
                    clip.audio, vocabulary: listener.vocabulary, context: fixture.context, by: recognizer)
                let milliseconds = (ContinuousClock.now - began) / .milliseconds(1)
                let probe = listener.probe(question: fixture.context, today: today)
                var line = EvaluationReport.Line(
                    fixture, condition: condition, transcript,
                    understood: listener.understand(transcript, by: probe), milliseconds: milliseconds)
                line.isForAgent = await listener.takesForItself(
                    transcript, voiced: fixture.speechEnd - fixture.speechStart, by: probe)
                lines.append(line)
            }
        }
        return EvaluationReport(lines: lines, conditions: conditions)
    }

    /// Plays a recording as one utterance, whose beginning, pauses and end the built-in voice detector tells, as in a call.
    ///
    /// - Returns: nil where no voice was found.
    private static func hear(
        _ audio: [UInt8], vocabulary: SpeechVocabulary, context: String, by recognizer: PocketSphinxRecognizer
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
        var detector = VoiceActivityDetector(.forTurns)
        var hasBegun = false
        for start in stride(from: 0, to: audio.count - frameSize + 1, by: frameSize) {
            let frame = Array(audio[start..<start + frameSize])
            session.inlet.write(frame.span)
            session.audioArrived()
            let samples = frame.map(MuLaw.decode)
            switch detector.process(samples.span).transition {
            case .started where hasBegun: session.resumeUtterance(id)
            case .started:
                hasBegun = true
                session.beginUtterance(id, context: context)
            case .stopped: session.pauseUtterance(id)
            case nil: break
            }
        }
        guard hasBegun else { return nil }
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

/// An agent that has asked a question, and what it expects to hear.
private struct Listener {
    let agent: AgentDefinition
    let vocabulary: SpeechVocabulary

    /// The agent's flow at `question`; nil where it asks none such.
    func probe(question: String, today: CivilDate) -> FlowProbe? {
        guard case .flow(let flow) = agent.engine else { return nil }
        return FlowProbe(
            agent: agent, flow: flow, call: CallFacts(callID: "recording"), question: question, today: today)
    }

    /// What the agent makes of an answer. What was not understood as words of the task never reaches it.
    func understand(_ transcript: Transcript?, by probe: FlowProbe?) -> (Understanding?, wasActedUpon: Bool) {
        guard let turn = turn(transcript), let probe else { return (nil, false) }
        return probe.understand(turn)
    }

    /// Whether the agent, while it speaks, would take the words as meant for it: as ``Conversation`` decides it.
    ///
    /// - Parameter voiced: the length of the voice, in samples.
    func takesForItself(_ transcript: Transcript?, voiced: Int, by probe: FlowProbe?) async -> Bool {
        guard let turn = turn(transcript), !TurnDetector.isBackchannel(turn.text, expecting: .open),
            !TurnDetector.isHesitation(turn.text, expecting: .open),
            !TurnDetector.isMereSound(voiced: voiced, confidence: turn.confidence)
        else { return false }
        return await probe?.preview(of: turn)?.completeness != .beside
    }

    private func turn(_ transcript: Transcript?) -> CallerTurn? {
        guard let transcript, !transcript.isOutOfTask, !transcript.text.isEmpty else { return nil }
        return CallerTurn(number: 1, text: transcript.text, confidence: transcript.confidence)
    }
}

extension EvaluationReport.Line {
    fileprivate init(
        _ fixture: FixtureManifest.Fixture, condition: String, _ transcript: Transcript?,
        understood: (Understanding?, wasActedUpon: Bool), milliseconds: Double
    ) {
        self.init(
            fixture: fixture.id, condition: condition, said: fixture.text, heard: transcript?.text ?? "",
            confidence: transcript?.confidence ?? 0, intent: fixture.intent,
            understood: understood.0?.intent ?? IntentClassifier.none,
            entities: fixture.entities.mapValues(\.description), understoodEntities: understood.0?.entities ?? [:],
            turns: 1, certainty: understood.0?.confidence ?? 0, wasActedUpon: understood.wasActedUpon,
            evidence: transcript?.evidence, milliseconds: milliseconds)
    }
}
