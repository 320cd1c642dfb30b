import Agent
import CallSession
import Callers
import Codecs
import Foundation
package import Logging
import Networking
import Store

/// Holds the calls of scenarios through the whole bridge, over real sockets, each in a world of its own, and judges them.
package struct Simulation: Sendable {
    package struct Options: Sendable {
        /// The folder with `manifest.json`.
        package var fixtures: String
        /// Calls at a time, 1...32.
        package var concurrency: Int
        /// Holds each scenario's database and audio; emptied first.
        package var directory: String
        /// Of everything drawn: noise, losses, delays.
        package var seed: UInt64

        package init(fixtures: String, concurrency: Int, directory: String, seed: UInt64) {
            self.fixtures = fixtures
            self.concurrency = concurrency
            self.directory = directory
            self.seed = seed
        }
    }

    /// A line that is not noisy has this behind the caller: -66 dBFS.
    private static let hiss = 16.0

    private let scenarios: [Scenario]
    private let options: Options
    private let configuration: ParleyConfiguration
    private let engines: (any CallEngines)?
    private let voice: (any ScenarioVoice)?
    private let logger: Logger

    package init(_ scenarios: [Scenario], options: Options, configuration: ParleyConfiguration, logger: Logger) {
        self.init(scenarios, options: options, configuration: configuration, engines: nil, voice: nil, logger: logger)
    }

    /// - Parameters:
    ///   - engines: other ears and another voice than the configured ones.
    ///   - voice: of the callers, on lines without a sound of their own.
    init(
        _ scenarios: [Scenario], options: Options, configuration: ParleyConfiguration, engines: (any CallEngines)?,
        voice: (any ScenarioVoice)?, logger: Logger
    ) {
        self.scenarios = scenarios
        self.options = options
        self.configuration = configuration
        self.engines = engines
        self.voice = voice
        self.logger = logger
    }

    /// - Parameter show: told of each scenario as it is over.
    package func run(show: @escaping @Sendable (SimulationReport.Case) -> Void) async throws -> SimulationReport {
        let manifest = try FixtureManifest(directory: options.fixtures)
        var configuration = try configuration.confined(to: options.directory)
        configuration.recordings.isEnabled = true
        configuration.calls.maximum = max(configuration.calls.maximum, options.concurrency + 1)
        configuration.speech.decoders = max(configuration.speech.decoders, options.concurrency)
        let zone = configuration.calendar.timeZone
        var worlds: [String: ScenarioWorld] = [:]
        for scenario in scenarios {
            worlds[scenario.name] = try await ScenarioWorld(
                scenario, path: folder.appendingPathComponent("\(scenario.name).sqlite").path,
                setup: CalendarSetup(configuration.calendar), zone: zone)
        }
        let calls = Lock<[String: ScenarioCall]>([:])
        let names = Lock<[String: String]>([:])
        let service = try ParleyService(
            configuration: configuration, logger: logger,
            makeDialogue: { [worlds] agent, call, tools, environment in
                let name = call.parameters["scenario"] ?? ""
                names.withLock { $0[call.callID] = name }
                var environment = environment
                environment.now = { ScenarioWorld.now(in: zone) }
                let own = worlds[name]?.tools(among: tools) ?? tools
                return agent.makeDialogue(call: call, tools: own, environment: environment)
            }, engines: engines,
            watcher: { id, event in
                guard let name = names.withLock({ $0[id] }) else { return }
                calls.withLock { $0[name] }?.take(event)
            })
        try checkAgents(service.agents)
        let voice = voice ?? FliteScenarioVoice(fixtures: manifest, logger: logger)
        let background = try Background(self.voice == nil ? manifest : nil)
        return try await service.whileRunning(logger: logger) { [worlds] in
            let port = try await service.reachable().publicPort
            let loop = EventLoop(name: "callers", logger: logger)
            try loop.start()
            var cases: [SimulationReport.Case] = []
            var failure: (any Error)?
            await withTaskGroup(of: Result<SimulationReport.Case, any Error>.self) { tasks in
                var waiting = scenarios[...]
                func next() {
                    guard let scenario = waiting.popFirst(), let world = worlds[scenario.name] else { return }
                    let call = ScenarioCall()
                    calls.withLock { $0[scenario.name] = call }
                    tasks.addTask {
                        do {
                            return .success(
                                try await hold(
                                    scenario, call: call, world: world, voice: voice, background: background,
                                    port: port, loop: loop))
                        } catch { return .failure(error) }
                    }
                }
                for _ in 0..<options.concurrency { next() }
                while let result = await tasks.next() {
                    switch result {
                    case .success(let one):
                        show(one)
                        cases.append(one)
                    case .failure(let error): failure = failure ?? error
                    }
                    if failure == nil { next() }
                }
            }
            await loop.shutdown()
            if let failure { throw failure }
            return SimulationReport(cases: cases.sorted { $0.name < $1.name })
        }
    }

    private var folder: URL { URL(fileURLWithPath: options.directory) }

    private func checkAgents(_ library: AgentLibrary) throws {
        for scenario in scenarios where library.agents[scenario.agent] == nil {
            let known = library.agents.keys.sorted().joined(separator: ", ")
            throw DemoError(reason: "\(scenario.name): there is no agent \"\(scenario.agent)\"; there are \(known)")
        }
    }

    /// One scenario from dialling to its judgement.
    private func hold(
        _ scenario: Scenario, call: ScenarioCall, world: ScenarioWorld, voice: any ScenarioVoice,
        background: Background, port: Int, loop: EventLoop
    ) async throws -> SimulationReport.Case {
        var sounds: [Scenario.Act: [Int16]] = [:]
        for act in scenario.answers.values.joined() + scenario.events.map(\.act) where sounds[act] == nil {
            sounds[act] = try await voice.samples(of: act, for: scenario)
        }
        let seed = options.seed &+ ContentNumber.of(scenario.name)
        let noise = background.samples(for: scenario, speech: sounds, hiss: Self.hiss, seed: seed)
        let line = CarrierLine.Call(
            url: "ws://127.0.0.1:\(port)/twilio/media",
            callID: "CA" + UUID().uuidString.lowercased().filter { $0 != "-" },
            parameters: [
                "agent": scenario.agent, "scenario": scenario.name, "from": "+15550100", "to": "+15550199",
            ])
        let ready = sounds
        let heard = await withCheckedContinuation { continuation in
            loop.post {
                let caller = SimulatedCaller(scenario, sounds: ready, background: noise, seed: seed) {
                    continuation.resume(returning: $0)
                }
                call.onHint { hint in loop.post { caller.learn(hint) } }
                caller.dial(line, on: loop)
            }
        }
        let record = await call.finished()
        var outcome = ScenarioOutcome(record, heard)
        try await world.close(into: &outcome)
        var result = SimulationReport.Case(scenario, outcome, record, heard)
        result.audio = keep(record.summary?.recording?.path, as: scenario.name)
        return result
    }

    /// Gives a recording the name of its scenario.
    private func keep(_ path: String?, as name: String) -> String? {
        guard let path else { return nil }
        let target = folder.appendingPathComponent("\(name).wav").path
        guard (try? FileManager.default.moveItem(atPath: path, toPath: target)) != nil else { return path }
        return target
    }
}

extension ScenarioOutcome {
    init(_ record: ScenarioCall.Record, _ heard: SimulatedCaller.Heard) {
        self.init()
        tools = record.tools
        self.heard = record.heard.joined(separator: " ")
        endReason = record.summary == nil ? "no call: \(heard.reason)" : record.endReason
        interruptions = record.interruptions
        notUnderstood = record.notUnderstood
        isOverdue = heard.isOverdue
        panel = InteractionPanel([CallTimeline(record, heard)])
    }
}

extension CallTimeline {
    init(_ record: ScenarioCall.Record, _ heard: SimulatedCaller.Heard) {
        self.init(
            caller: heard.caller, agent: heard.agent, taken: record.taken, abandoned: record.abandoned,
            length: heard.length)
    }
}

/// A number of a text that is the same everywhere and always (FNV-1a).
private enum ContentNumber {
    static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// What is heard behind callers.
struct Background: Sendable {
    private let talkers: [[Int16]]
    private let hasNone: Bool

    /// - Parameter manifest: whose recordings babble; nil keeps every line clean.
    init(_ manifest: FixtureManifest?) throws {
        hasNone = manifest == nil
        // Six of those that the agents are tuned with; each speaks on and on.
        talkers =
            try manifest.map { manifest in
                let lines = manifest.fixtures.filter { $0.split == "tune" && $0.category == "out_of_task" }.prefix(12)
                let clips = try lines.map { line in
                    let samples = try manifest.clip(line).audio.map(MuLaw.decode)
                    return Array(samples[CallerMouth.voiced(samples)])
                }
                return stride(from: 0, to: clips.count - 1, by: 2).map { clips[$0] + clips[$0 + 1] }
            } ?? []
    }

    /// - Parameters:
    ///   - speech: what the caller says; the noise is as much below it as the scenario wants.
    ///   - hiss: the level where it wants none.
    func samples(
        for scenario: Scenario, speech: [Scenario.Act: [Int16]], hiss: Double, seed: UInt64
    ) -> [Int16] {
        guard !hasNone else { return [] }
        guard let noise = scenario.noise else {
            return BackgroundNoise.pink.samples(level: hiss, talkers: [], seed: seed)
        }
        let levels = speech.values.filter { !$0.isEmpty }.map(CallerMouth.level)
        let level = levels.isEmpty ? 1500 : levels.reduce(0, +) / Double(levels.count)
        return noise.kind.samples(
            level: level * Double.decibels(-noise.ratio), talkers: talkers, seed: seed)
    }
}

extension Double {
    /// The ratio of amplitudes that is so many dB.
    fileprivate static func decibels(_ value: Double) -> Double { Foundation.pow(10, value / 20) }
}
