import Agent
import AudioCore
import CallSession
import Callers
import Foundation
package import Logging
import Networking
import ServiceLifecycle
import Store
import UnixSignals

/// The main job, end to end: the service in this process, and a caller who dials it over a real socket as a carrier would.
package struct Demo: Sendable {
    package struct Options: Sendable {
        package var agent: String
        package var fixtures: String
        /// The caller's own recordings; empty plays the fixtures' lines.
        package var callerFiles: [String]
        /// Holds the demo's database and recordings; emptied first, see ``ScratchFolder``.
        package var directory: String
        /// Of the fixtures' lines: `clean`, `snr20`, `snr10`.
        package var condition = "clean"
        /// The caller speaks over the greeting.
        package var interruptsGreeting = false
        /// The service goes on after the call, until SIGINT or SIGTERM.
        package var keepsServing = false

        package init(agent: String, fixtures: String, callerFiles: [String], directory: String) {
            self.agent = agent
            self.fixtures = fixtures
            self.callerFiles = callerFiles
            self.directory = directory
        }
    }

    private let options: Options
    private let configuration: ParleyConfiguration
    private let engines: (any CallEngines)?
    private let logger: Logger
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - configuration: of the service; the demo changes where it listens and stores.
    ///   - engines: other ears and another voice than the configured ones; closed at the end.
    ///   - say: told what happens, line by line, as it happens.
    package init(
        options: Options, configuration: ParleyConfiguration, engines: (any CallEngines)? = nil, logger: Logger,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.options = options
        self.engines = engines
        self.configuration = configuration
        self.logger = logger
        self.say = say
    }

    /// - Parameter ended: told what the call came to as soon as it is over and stored, while the service may still run.
    package func run(
        ended: @escaping @Sendable (DemoReport) throws -> Void = { _ in }
    ) async throws -> DemoReport {
        let scenario =
            try options.callerFiles.isEmpty
            ? DemoScenario(
                agent: options.agent, fixtures: FixtureManifest(directory: options.fixtures),
                condition: options.condition)
            : DemoScenario(agent: options.agent, files: options.callerFiles)
        let (happenings, sink) = AsyncStream.makeStream(of: Happening.self)
        var configuration = try configuration.confined(to: options.directory)
        configuration.recordings.isEnabled = true
        let service = try ParleyService(
            configuration: configuration, logger: logger, engines: engines,
            watcher: { sink.yield(.event(call: $0, $1)) })
        let agent = try service.agent(named: options.agent)
        let room = service.room
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let group = ServiceGroup(services: [service], logger: quiet)
        return try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { sink.finish() }
                try await group.run()
            }
            let outcome: Result<DemoReport, any Error>
            do {
                let call = try await hold(
                    scenario, service: service, happenings: happenings,
                    lineClosed: { sink.yield(.lineClosed(reason: $0)) })
                // Nobody listens to later calls.
                sink.finish()
                try await waitUntilStored(call, in: service.store)
                let report = try await report(call, of: agent, scenario: scenario, room: room, store: service.store)
                try ended(report)
                if options.keepsServing { try await keepServing(service) }
                outcome = .success(report)
            } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    /// Rows are written behind the call: waits for the last one, at most 10 s.
    private func waitUntilStored(_ call: String, in store: Store) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            let story = try? await store.story(ofCall: call)
            if let story, story.call.endedAt != nil, !story.recordings.isEmpty { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func keepServing(_ service: ParleyService) async throws {
        let port = try await service.reachable().publicPort
        let privatePort = try await service.privateReachable()
        say("Serving on ws://127.0.0.1:\(port)/twilio/media, metrics on http://127.0.0.1:\(privatePort); Ctrl-C ends.")
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }

    /// Dials, listens to what happens until the call is over, and returns its id.
    private func hold(
        _ scenario: DemoScenario, service: ParleyService, happenings: AsyncStream<Happening>,
        lineClosed: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let addresses = try await service.reachable()
        let loop = EventLoop(name: "caller", logger: logger)
        try loop.start()
        let printer = DemoPrinter(say: say)
        let caller = DemoCaller(
            scenario, sharesAnswers: !options.callerFiles.isEmpty, interruptsGreeting: options.interruptsGreeting
        ) { report in
            switch report {
            case .speaks(let clip): say(DemoPrinter.line("", "caller speaks", clip))
            case .ended(let reason): lineClosed(reason)
            case .answered: break
            }
        }
        say("Dialling \(scenario.agent) at ws://127.0.0.1:\(addresses.publicPort)/twilio/media")
        let line = CarrierLine.Call(
            url: "ws://127.0.0.1:\(addresses.publicPort)/twilio/media",
            callID: "CA" + UUID().uuidString.lowercased().filter { $0 != "-" },
            parameters: ["agent": scenario.agent, "from": "+15550100", "to": "+15550199"])
        loop.post { caller.dial(line, on: loop) }
        var call: String?
        var refusal = "the service stopped"
        listening: for await happening in happenings {
            switch happening {
            case .event(let id, let event):
                call = id
                printer.show(event)
                if case .note(_, .expecting(let expectation)) = event { loop.post { caller.isAsked(expectation.kind) } }
                if case .finished = event { break listening }
            // A call that began still has its end to tell; one that did not has nothing.
            case .lineClosed(let reason) where call == nil:
                refusal = reason
                break listening
            case .lineClosed: break
            }
        }
        await loop.shutdown()
        guard let call else { throw DemoError(reason: "the service took no call: \(refusal)") }
        return call
    }

    /// What is heard of the call at its two ends.
    private enum Happening: Sendable {
        case event(call: String, CallEvent)
        case lineClosed(reason: String)
    }

    /// Reads back what the service stored, and judges it.
    private func report(
        _ call: String, of agent: AgentDefinition, scenario: DemoScenario, room: ThermostatRoom, store: Store
    ) async throws -> DemoReport {
        let story = try await store.story(ofCall: call)
        var report = DemoReport(story)
        var missing: [String] = []
        switch scenario.goal {
        case .appointment(let name, let words, let time):
            let zone = configuration.calendar.timeZone
            let found = try await AppointmentCalendar(store: store, zone: zone).find(name: name)
            let day = words.flatMap { agent.day(named: $0, at: story.call.startedAt, in: zone) }
            switch DemoScenario.Goal.fulfilled(by: found, name: name, day: day, time: time) {
            case .success(let match):
                report.stored =
                    "appointment \(match.id): \(match.name), \(match.slot.day) at \(match.slot.time), \(match.slot.doctor)"
            case .failure(let fault): missing.append(fault.reason)
            }
        case .temperature(let degrees):
            let reached = await room.temperature
            if reached == degrees {
                report.stored = "the room has \(reached) degrees"
            } else {
                missing.append("the room has \(reached) degrees instead of \(degrees)")
            }
        case .none: break
        }
        if report.turns.isEmpty { missing.append("the caller was never heard") }
        for turn in report.turns where !turn.understood { missing.append("\"\(turn.caller)\" was not understood") }
        if let path = report.recording {
            let frames = try WAVReader(path: path).frameCount
            if frames != report.samples {
                missing.append("the recording has \(frames) samples a leg, the call \(report.samples)")
            }
        } else {
            missing.append("there is no recording")
        }
        if !missing.isEmpty { report.outcome = missing.joined(separator: "; ") }
        return report
    }
}

extension AgentDefinition {
    /// The day that a caller means by `words` at `moment`, in ISO, as this agent's flow reads it.
    fileprivate func day(named words: String, at moment: Date, in zone: TimeZone) -> String? {
        guard case .flow(let flow) = engine else { return nil }
        let today = DialogueEnvironment(now: { moment }, timeZone: zone).today()
        return flow.parser.entities(in: SpokenText.words(words), today: today, expecting: .date)
            .first { $0.kind == .date }?.value
    }
}
