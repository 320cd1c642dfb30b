import Agent
import CallSession
import Callers
import Foundation
package import Logging
import Networking
import ServiceLifecycle
import Speech

/// Measures hearing and understanding through the whole bridge: each recording is played into a call of its own, over a
/// real socket, to an agent that has just asked the question which the recording answers.
package struct Evaluation: Sendable {
    package struct Options: Sendable {
        /// The folder with `manifest.json`.
        package var fixtures: String
        /// `tune` or `held`; nil takes all.
        package var split: String?
        /// Of `clean`, `snr20`, `snr10`.
        package var conditions: [String]
        /// Calls at a time, 1...64.
        package var concurrency: Int
        /// The day that the manifest counts "tomorrow" from, as `2026-11-23`.
        package var today: String
        /// Holds the evaluation's database; emptied first.
        package var directory: String

        package init(
            fixtures: String, split: String?, conditions: [String], concurrency: Int, today: String, directory: String
        ) {
            self.fixtures = fixtures
            self.split = split
            self.conditions = conditions
            self.concurrency = concurrency
            self.today = today
            self.directory = directory
        }
    }

    private let options: Options
    private let configuration: ParleyConfiguration
    private let logger: Logger

    package init(_ options: Options, configuration: ParleyConfiguration, logger: Logger) {
        self.options = options
        self.configuration = configuration
        self.logger = logger
    }

    package func run() async throws -> EvaluationReport {
        guard let today = CivilDate(iso: options.today) else {
            throw DemoError(reason: "\"\(options.today)\" is no day; write it like 2026-11-23")
        }
        let manifest = try FixtureManifest(directory: options.fixtures)
        let fixtures = manifest.fixtures.filter { options.split == nil || $0.split == options.split }
        guard !fixtures.isEmpty else {
            throw DemoError(reason: "the fixtures hold no split \"\(options.split ?? "")\"")
        }
        var jobs: [EvaluationCaller.Job] = []
        for condition in options.conditions {
            for fixture in fixtures {
                jobs.append(
                    EvaluationCaller.Job(
                        clip: try manifest.clip(fixture, condition: condition),
                        parameters: [
                            "agent": fixture.agent, "question": fixture.context,
                            "recording": "\(condition)/\(fixture.id)",
                        ]))
            }
        }

        var configuration = try configuration.confined(to: options.directory)
        configuration.recordings.isEnabled = false
        configuration.calls.maximum = max(configuration.calls.maximum, options.concurrency + 1)
        configuration.speech.decoders = options.concurrency
        let understandings = Lock<[String: Heard]>([:])
        let recordings = Lock<[String: String]>([:])
        let service = try ParleyService(
            configuration: configuration, logger: logger,
            makeDialogue: { agent, call, tools, environment in
                recordings.withLock { $0[call.callID] = call.parameters["recording"] }
                // Of a call that was lost nothing counts.
                if let recording = call.parameters["recording"] { understandings.withLock { $0[recording] = Heard() } }
                guard case .flow(let flow) = agent.engine,
                    let probe = FlowProbe(
                        agent: agent, flow: flow, call: call, question: call.parameters["question"] ?? "open",
                        today: today,
                        answered: { wasActedUpon in
                            guard wasActedUpon, let recording = call.parameters["recording"] else { return }
                            understandings.withLock { $0[recording, default: Heard()].wasActedUpon = true }
                        })
                else { return agent.makeDialogue(call: call, tools: tools, environment: environment) }
                return probe
            },
            watcher: { id, event in
                guard let recording = recordings.withLock({ $0[id] }) else { return }
                understandings.withLock { $0[recording, default: Heard()].add(event) }
            })
        try await hold(jobs, on: service)

        let heard = understandings.withLock(\.self)
        let lines = options.conditions.flatMap { condition in
            fixtures.map { EvaluationReport.Line($0, condition: condition, heard["\(condition)/\($0.id)"] ?? Heard()) }
        }
        return EvaluationReport(lines: lines, conditions: options.conditions)
    }

    /// Plays all recordings while the service runs.
    private func hold(_ jobs: [EvaluationCaller.Job], on service: ParleyService) async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let group = ServiceGroup(services: [service], logger: quiet)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let port = try await service.reachable().publicPort
            let loop = EventLoop(name: "callers", logger: logger)
            try loop.start()
            let concurrency = options.concurrency
            let lost = await withCheckedContinuation { continuation in
                loop.post {
                    let caller = EvaluationCaller(jobs, url: "ws://127.0.0.1:\(port)/twilio/media", loop: loop) {
                        continuation.resume(returning: $0)
                    }
                    caller.start(concurrency: concurrency)
                }
            }
            await loop.shutdown()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            guard lost.isEmpty else { throw DemoError(reason: "\(lost.count) calls were lost: \(lost[0])") }
        }
    }
}

/// What a call made of its recording.
private struct Heard: Sendable {
    var texts: [String] = []
    var confidence = 0.0
    var intent = IntentClassifier.none
    var entities: [String: String] = [:]
    var evidence: UtteranceEvidence?
    var certainty = 0.0
    var wasActedUpon = false

    /// Where a pause was taken for an end, the turns count together, as they do for the agent: what the caller wants, and
    /// the values of all.
    mutating func add(_ event: CallEvent) {
        switch event {
        case .journal(_, _, .transcript(let transcript)): evidence = transcript.evidence
        case .note(_, .callerTurn(let turn)), .note(_, .callerWords(let turn)):
            if !turn.text.isEmpty { texts.append(turn.text) }
            confidence = turn.confidence
        case .note(_, .understood(_, let understanding)):
            certainty = understanding.confidence
            guard understanding.intent != IntentClassifier.none else { return }
            if understanding.intent != "inform" || intent == IntentClassifier.none { intent = understanding.intent }
            entities.merge(understanding.entities) { _, new in new }
        default: break
        }
    }
}

extension EvaluationReport.Line {
    fileprivate init(_ fixture: FixtureManifest.Fixture, condition: String, _ heard: Heard) {
        self.init(
            fixture: fixture.id, condition: condition, said: fixture.text, heard: heard.texts.joined(separator: " | "),
            confidence: heard.confidence, intent: fixture.intent, understood: heard.intent,
            entities: fixture.entities.mapValues(\.description), understoodEntities: heard.entities,
            turns: heard.texts.count, certainty: heard.certainty, wasActedUpon: heard.wasActedUpon,
            evidence: heard.evidence)
    }
}
