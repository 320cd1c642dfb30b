import Agent
import CallSession
import Callers
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
        /// The provider whose language model plays callers who improvise.
        package var callerModel: String?

        package init(
            fixtures: String, concurrency: Int, directory: String, seed: UInt64, callerModel: String? = nil
        ) {
            self.callerModel = callerModel
            self.fixtures = fixtures
            self.concurrency = concurrency
            self.directory = directory
            self.seed = seed
        }
    }

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
        try service.agents.checkNames(in: scenarios)
        let vendors = Vendors(configuration, logger: logger)
        let report: Result<SimulationReport, any Error>
        do {
            let stage = try ScenarioStage(
                manifest, voice: voice, seed: options.seed, models: vendors.models,
                callerModel: options.callerModel, logger: logger)
            try stage.checkImprovisers(of: scenarios)
            report = .success(
                try await holdAll(on: service, stage: stage, worlds: worlds, show: show) { name, call in
                    calls.withLock { $0[name] = call }
                })
        } catch { report = .failure(error) }
        await vendors.close()
        return try report.get()
    }

    /// - Parameter began: told of each call before it is dialled.
    private func holdAll(
        on service: ParleyService, stage: ScenarioStage, worlds: [String: ScenarioWorld],
        show: @escaping @Sendable (SimulationReport.Case) -> Void,
        began: @escaping @Sendable (String, ScenarioCall) -> Void
    ) async throws -> SimulationReport {
        try await service.whileRunning(logger: logger) {
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
                    began(scenario.name, call)
                    tasks.addTask {
                        do {
                            return .success(
                                try await hold(
                                    scenario, call: call, world: world, stage: stage, port: port, loop: loop))
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

    /// One scenario from dialling to its judgement.
    private func hold(
        _ scenario: Scenario, call: ScenarioCall, world: ScenarioWorld, stage: ScenarioStage, port: Int,
        loop: EventLoop
    ) async throws -> SimulationReport.Case {
        let part = try await stage.part(of: scenario)
        let line = CarrierLine.Call(
            url: "ws://127.0.0.1:\(port)/twilio/media",
            callID: "CA" + UUID().uuidString.lowercased().filter { $0 != "-" },
            parameters: scenario.given.variables.merging([
                "agent": scenario.agent, "scenario": scenario.name, "from": Scenario.callerNumber,
                "to": Scenario.calledNumber,
            ]) { $1 })
        let improviser = try stage.improviser(of: scenario)
        let (thoughts, thinking) = AsyncStream.makeStream(of: SimulatedCaller.self)
        let heard = await withTaskGroup(of: Void.self, returning: SimulatedCaller.Heard.self) { tasks in
            tasks.addTask {
                // One at a time; ends with the call.
                for await caller in thoughts {
                    guard let answer = await improviser?.next(heard: call.soFar.heard) else { continue }
                    loop.post { caller.does(answer) }
                }
            }
            let heard: SimulatedCaller.Heard = await withCheckedContinuation { continuation in
                loop.post {
                    let caller = part.caller(of: scenario) { continuation.resume(returning: $0) }
                    if improviser != nil { caller.improvise = { [unowned caller] in thinking.yield(caller) } }
                    call.onHint { hint in loop.post { caller.learn(hint) } }
                    caller.dial(line, on: loop)
                }
            }
            thinking.finish()
            tasks.cancelAll()
            return heard
        }
        let record = await call.finished()
        var outcome = ScenarioOutcome(record, heard)
        try await world.close(into: &outcome)
        var result = SimulationReport.Case(
            scenario, outcome, record, heard, knownFailure: scenario.knownFailure ?? scenario.knownMishearing)
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
        answeredBy = record.answeredBy
        presses = record.presses
        isOverdue = heard.isOverdue
        callerFault = heard.fault
        panel = InteractionPanel([CallTimeline(record, heard)])
    }
}

extension CallTimeline {
    init(_ record: ScenarioCall.Record, _ heard: SimulatedCaller.Heard) {
        self.init(
            caller: heard.caller, agent: heard.agent, taken: record.taken, abandoned: record.abandoned,
            ending: record.ending, length: heard.length)
    }
}

extension AgentLibrary {
    /// - Throws: when a scenario names an agent that is not there.
    func checkNames(in scenarios: [Scenario]) throws {
        for scenario in scenarios where agents[scenario.agent] == nil {
            let known = agents.keys.sorted().joined(separator: ", ")
            throw DemoError(reason: "\(scenario.name): there is no agent \"\(scenario.agent)\"; there are \(known)")
        }
    }
}
