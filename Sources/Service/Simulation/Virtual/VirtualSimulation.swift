import Agent
import AudioCore
import CallSession
import Callers
import Foundation
package import Logging
import Networking
import Speech
import Store
import Telephony

/// Holds the calls of scenarios in virtual time: as fast as the machine computes them, and the same each time.
///
/// The agents, their dialogues and tools, turn taking, playout and the embedded voice are the service's own. The recognizer
/// is scripted (``ScriptedEars``), so what is measured is the agent and how it takes turns, not how well words are heard.
package struct VirtualSimulation: Sendable {
    private let scenarios: [Scenario]
    private let options: Simulation.Options
    private let configuration: ParleyConfiguration
    private let isRecorded: Bool
    private let logger: Logger

    /// - Parameters:
    ///   - isRecorded: whether each call's sound is kept.
    package init(
        _ scenarios: [Scenario], options: Simulation.Options, configuration: ParleyConfiguration,
        isRecorded: Bool = true, logger: Logger
    ) {
        self.scenarios = scenarios
        self.options = options
        self.configuration = configuration
        self.isRecorded = isRecorded
        self.logger = logger
    }

    /// What all calls share.
    private struct Shared: Sendable {
        let configuration: ParleyConfiguration
        let library: AgentLibrary
        let tools: [any Tool]
        /// Takes the calls' journals.
        let store: Store
        let models: [String: any LanguageModel]
        let voice: any SpeechSynthesizer
        let stage: ScenarioStage
        /// Fixtures whose words no task knows.
        let outOfTask: Set<Scenario.Act>
    }

    /// - Parameter show: told of each scenario as it is over.
    package func run(show: @escaping @Sendable (SimulationReport.Case) -> Void) async throws -> SimulationReport {
        let manifest = try FixtureManifest(directory: options.fixtures)
        let configuration = try configuration.confined(to: options.directory)
        let library = try AgentLibrary.load(
            directory: URL(fileURLWithPath: configuration.agents.directory),
            meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
        try library.checkNames(in: scenarios)
        let store = try Store(configuration.store)
        defer { try? store.close() }
        let zone = configuration.calendar.timeZone
        let catalogue = try ToolCatalogue(
            configuration, store: store, calendar: AppointmentCalendar(store: store, zone: zone),
            room: ThermostatRoom(), logger: logger)
        let vendors = Vendors(configuration, logger: logger)
        var settings = FliteConfiguration()
        settings.workerCount = 1
        settings.queueLimit = options.concurrency + 1
        let flite = FliteSynthesizer(configuration: settings, logger: logger)
        let cases: Result<[SimulationReport.Case], any Error>
        do {
            try await catalogue.connect()
            let shared = Shared(
                configuration: configuration, library: library, tools: catalogue.tools, store: store,
                models: vendors.models,
                voice: PhraseCachingSynthesizer(flite, cache: PhraseCache(capacity: 64 << 20)),
                stage: try ScenarioStage(
                    manifest, voice: nil, seed: options.seed, models: vendors.models,
                    callerModel: options.callerModel, logger: logger),
                outOfTask: Set(
                    manifest.fixtures.filter { $0.category == "out_of_task" && $0.intent == "none" }.map {
                        Scenario.Act.fixture($0.id)
                    }))
            try shared.stage.checkImprovisers(of: scenarios)
            cases = .success(try await hold(shared, show: show))
        } catch { cases = .failure(error) }
        flite.close()
        await vendors.close()
        await catalogue.close()
        return SimulationReport(cases: try cases.get().sorted { $0.name < $1.name })
    }

    private func hold(
        _ shared: Shared, show: @escaping @Sendable (SimulationReport.Case) -> Void
    ) async throws -> [SimulationReport.Case] {
        try await withThrowingTaskGroup(of: SimulationReport.Case.self) { tasks in
            var waiting = scenarios[...]
            var cases: [SimulationReport.Case] = []
            func next() {
                guard let scenario = waiting.popFirst() else { return }
                tasks.addTask { try await hold(scenario, shared) }
            }
            for _ in 0..<options.concurrency { next() }
            while let one = try await tasks.next() {
                show(one)
                cases.append(one)
                next()
            }
            return cases
        }
    }

    /// One scenario from dialling to its judgement.
    private func hold(_ scenario: Scenario, _ shared: Shared) async throws -> SimulationReport.Case {
        guard let agent = shared.library.agents[scenario.agent] else {
            throw DemoError(reason: "\(scenario.name): there is no agent \"\(scenario.agent)\"")
        }
        let zone = shared.configuration.calendar.timeZone
        let path = URL(fileURLWithPath: options.directory).appendingPathComponent("\(scenario.name).sqlite").path
        let world = try await ScenarioWorld(
            scenario, path: path, setup: CalendarSetup(shared.configuration.calendar), zone: zone)
        let part = try await shared.stage.part(of: scenario)
        let ended = Lock<SimulatedCaller.Heard?>(nil)
        let caller = part.caller(of: scenario) { heard in ended.withLock { $0 = heard } }
        let ears = ScriptedEars(caller, words: part.sounds.mapValues(\.words), outOfTask: shared.outOfTask)
        let call = ScenarioCall()
        let line = VirtualLine(caller, isRecorded: isRecorded)
        if let improviser = try shared.stage.improviser(of: scenario) {
            line.improvise {
                let answer = await improviser.next(heard: call.soFar.heard)
                ears.learn(answer.act, answer.sound.words)
                return answer
            }
        }
        call.onHint { caller.learn($0) }
        var settings = shared.configuration.conversation.adapted(to: agent)
        settings.speakers = shared.configuration.conversation.speakers(from: agent, among: shared.library.agents)
        settings.placed = try scenario.placed.map { placed in
            var policy = placed.policy
            let missing = [policy.message, policy.introduction].flatMap {
                agent.valuesMissing(inAnnouncement: $0, scenario.given.variables)
            }
            if let name = missing.first {
                throw DemoError(
                    reason: "\(scenario.name): {\(name)} is no variable of the scenario and no fact of \(agent.name)")
            }
            policy.message = agent.announcement(policy.message, scenario.given.variables)
            policy.introduction = agent.announcement(policy.introduction, scenario.given.variables)
            return policy
        }
        let journal = VirtualJournal(
            id: "\(scenario.name)-\(options.seed)", agent: agent.name, version: agent.version,
            settings: settings, isPlaced: scenario.placed != nil, now: { ScenarioWorld.now(in: zone) })
        let plan = plan(scenario, agent, settings, tools: world.tools(among: shared.tools), shared) { event in
            call.take(event)
            journal.take(event)
        }
        var playout = PlayoutQueue.Configuration()
        playout.lead = shared.configuration.media.lead.samples
        let escalation = shared.configuration.conversation.escalation
        let began = ContinuousClock.now
        try await VirtualCall(plan, line: line, ears: ears, playout: playout) {
            TransferDestination($0, escalation: escalation) == nil ? TransferDestination.missing : nil
        }.run(limit: scenario.limit + .seconds(60))
        let took = (ContinuousClock.now - began) / .seconds(1)
        let (record, heard) = (call.soFar, ended.withLock(\.self) ?? SimulatedCaller.Heard())
        var outcome = ScenarioOutcome(record, heard)
        try await world.close(into: &outcome)
        try await journal.store(in: shared.store)
        var result = SimulationReport.Case(
            scenario, outcome, record, heard, knownFailure: scenario.knownFailure)
        result.took = took
        result.audio = try keep(line.recording, as: scenario.name)
        return result
    }

    private func plan(
        _ scenario: Scenario, _ agent: AgentDefinition, _ settings: ConversationSettings, tools: [any Tool],
        _ shared: Shared, observer: @escaping (CallEvent) -> Void
    ) -> VirtualCall.Plan {
        let zone = shared.configuration.calendar.timeZone
        let facts = CallFacts(
            callID: scenario.name, callerNumber: Scenario.callerNumber, calledNumber: Scenario.calledNumber,
            parameters: scenario.given.variables, isPlaced: scenario.placed != nil)
        let environment = DialogueEnvironment(
            now: { ScenarioWorld.now(in: zone) }, timeZone: zone, models: shared.models,
            agents: shared.library.agents, logger: logger)
        return VirtualCall.Plan(
            facts: facts, settings: settings,
            dialogue: agent.makeDialogue(call: facts, tools: tools, environment: environment),
            synthesizer: agent.voiced(by: shared.voice), voice: agent.voice ?? "",
            observer: observer)
    }

    /// Writes a call's sound beside its database.
    private func keep(_ recording: [UInt8]?, as name: String) throws -> String? {
        guard let recording else { return nil }
        let path = URL(fileURLWithPath: options.directory).appendingPathComponent("\(name).wav").path
        var file = try WAVWriter(path: path, format: WAVFormat(encoding: .mulaw, sampleRate: 8000, channels: 2))
        try file.write(bytes: recording.span)
        try file.close()
        return path
    }
}
