package import Agent
package import CallSession
import Foundation
package import Logging
import Networking
import ServiceLifecycle
import Speech
package import Store
import Telephony
import UnixSignals

/// The whole service in one process: composition root of `serve` and `demo`.
///
/// ``run()`` ends after a graceful shutdown of the surrounding group, with every call ended and every row stored.
package final class ParleyService: ServiceLifecycle.Service {
    /// Where a running service can be reached.
    package struct Addresses: Sendable {
        package var publicPort: Int
        /// Where AudioSocket connects; nil where nobody listens for it.
        package var audioSocketPort: Int?
    }

    /// Makes the mind of one call, of its agent and all tools there are.
    package typealias DialogueMaker =
        @Sendable (AgentDefinition, CallFacts, [any Tool], DialogueEnvironment) -> any Dialogue

    package let configuration: ParleyConfiguration
    package let store: Store
    /// As their files have them; ``roster`` says who answers.
    package let agents: AgentLibrary
    let roster: AgentRoster
    let inbound: InboundDesk
    let room = ThermostatRoom()
    /// Lets people call from a browser.
    package let browserCalls = BrowserCalls()
    private let calendar: AppointmentCalendar
    let catalogue: ToolCatalogue
    let counters = AgentCounters()
    let nodeID = NodeID.new()
    /// Nil where nothing is traced.
    let traces: CallTraces?
    let logger: Logger
    let metrics: PrometheusRegistry
    let makeDialogue: DialogueMaker
    let engines: (any CallEngines)?
    let engineHouse: EmbeddedEngineHouse?
    let readiness = Readiness()
    let watcher: (@Sendable (String, CallEvent) -> Void)?
    let dialling: CampaignRunner.Options?
    let callWorkPace: Duration
    /// Who places calls here, once somebody does.
    let dialler = Lock<CampaignRunner?>(nil)
    private let privatePort = Arrival<Int>()
    let addresses = Arrival<Addresses>()

    /// Opens the store and reads the agents; nothing listens before ``run()``.
    ///
    /// - Parameters:
    ///   - metrics: shown to operators, with what the service adds to it.
    ///   - makeDialogue: another mind than the agent's own, to measure with.
    ///   - engines: other ears and another voice than the configured ones; closed at the end.
    ///   - engineHouse: has the engines that run inside this program, where services share them.
    ///   - environment: where the files of tools look `${NAME}` up.
    ///   - dialling: times of the calls it places, in place of the configured ones.
    ///   - callWorkPace: how often it looks for calls that have ended and are to be scored and written down.
    ///   - watcher: hears every event of every call, on the call's loop; must not block.
    package init(
        configuration: ParleyConfiguration, logger: Logger, metrics: PrometheusRegistry = .shared,
        makeDialogue: @escaping DialogueMaker = { $0.makeDialogue(call: $1, tools: $2, environment: $3) },
        engines: (any CallEngines)? = nil, engineHouse: EmbeddedEngineHouse? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        dialling: CampaignRunner.Options? = nil, callWorkPace: Duration = .seconds(1),
        watcher: (@Sendable (String, CallEvent) -> Void)? = nil
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
        self.makeDialogue = makeDialogue
        self.engines = engines
        self.engineHouse = engineHouse
        self.watcher = watcher
        self.dialling = dialling
        self.callWorkPace = callWorkPace
        traces = CallTraces(configuration, node: nodeID, logger: logger)
        store = try Store(configuration.store)
        agents = try AgentLibrary.load(
            directory: URL(fileURLWithPath: configuration.agents.directory), drafts: try store.publishedFiles(),
            meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
        for fault in agents.draftFaults {
            logger.warning(
                "an agent's file has a fault; its published version answers", metadata: ["fault": "\(fault)"])
        }
        roster = AgentRoster(agents)
        inbound = try InboundDesk(configuration, logger: logger)
        calendar = AppointmentCalendar(store: store, zone: configuration.calendar.timeZone)
        catalogue = try ToolCatalogue(
            configuration, store: store, calendar: calendar, room: room, environment: environment,
            agents: { [roster] in roster.lanes.mapValues(\.live.definition) }, metrics: metrics.factory, logger: logger)
        let promises = catalogue.promises
        inbound.callBack { try await promises.promiseSoon(to: $0) }
    }

    /// Where carriers can connect, once they can.
    package func reachable() async throws -> Addresses { try await addresses.value() }

    /// Where operators can ask; long before carriers can connect when models have to be built.
    package func privateReachable() async throws -> Int { try await privatePort.value() }

    /// Runs until SIGTERM or SIGINT.
    package func runUntilSignal() async throws {
        try await ServiceGroup(services: [self], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }

    package func run() async throws {
        defer {
            privatePort.fail(CancellationError())
            addresses.fail(CancellationError())
            try? store.close()
        }
        // Before models are prepared for a listener that cannot be.
        let publicHost = try await publicHost()
        try await calendar.setUp(CalendarSetup(configuration.calendar))
        if configuration.recordings.isEnabled {
            try FileManager.default.createDirectory(
                atPath: configuration.recordings.directory, withIntermediateDirectories: true)
        }
        readiness.set("models", .notReady("being prepared"))
        readiness.set("listener", .notReady("waits for the models"))
        readiness.probe("store") { [store] in
            do {
                try await store.proveWritable()
                return .ready
            } catch { return .notReady("\(error)") }
        }
        let desk = CallDesk(maximumCalls: configuration.calls.maximum, reservation: configuration.public.tokenLifetime)
        // On this machine, wherever the database is.
        let spill = configuration.store.path + ".spill.jsonl"
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: spill).deletingLastPathComponent(), withIntermediateDirectories: true)
        let writer = try StoreWriter(store: store, options: StoreWriterOptions(spillPath: spill), logger: logger)
        let board = CallBoard()
        let lines = BrowserLines(configuration: configuration.public, calls: browserCalls)
        let versions = VersionKeeper(
            configuration: configuration, store: store, files: agents, tools: { [catalogue] in catalogue.definitions },
            lines: lines, roster: roster, webhooks: WebhookRoster(configuration.webhooks), logger: logger)
        metrics.collect { versions.tally.samples }
        let archive = CallArchive(
            writer: writer, board: board, mask: configuration.privacy.mask, traces: traces,
            metrics: metrics.factory,
            over: { desk.over(callID: $0) },
            ended: { versions.ended($0) },
            closed: { [catalogue] in
                desk.ended(callID: $0)
                catalogue.waiting.ended(callID: $0)
            })
        let webhooks = WebhookDesk(configuration.webhooks)
        let node = NodeKeeper(
            store: store, id: nodeID, name: configuration.node.calledName,
            address: configuration.public.nodeURL ?? configuration.public.url, capacity: configuration.calls.maximum,
            options: NodeKeeper.Options(configuration.node),
            webhooks: WebhookRoster(configuration.webhooks), logger: logger
        ) { NodeKeeper.Work(calls: desk.liveCount, hasSpilled: writer.metrics.spillSize > 0) }
        metrics.collect { node.samples }
        let dispatcher = WebhookDispatcher(
            webhooks,
            payloads: WebhookPayloads(
                store: store, endpoints: configuration.webhooks.endpoints, tools: catalogue.definitions,
                mask: configuration.privacy.mask), owner: nodeID, traces: traces,
            hasSpilled: { writer.metrics.spillSize > 0 || node.othersHaveSpilled }, logger: logger)
        let listener = store.listen { [dialler] signal in
            switch signal {
            case .campaigns: dialler.withLock { $0 }?.lookSoon()
            case .webhooks: dispatcher.lookSoon()
            case .versions: versions.lookSoon()
            }
        }
        defer { listener?.close() }
        if let listener { metrics.collect { PrometheusSample.storeSignals(listener.metrics) } }
        let stops = StopKeeper(store: store, desk: desk, board: board, logger: logger)
        // Before the first call.
        try await stops.follow()
        metrics.collect { stops.samples }
        let takeovers = Takeovers(desk: desk, lifetime: configuration.public.tokenLifetime)
        let audit = AuditDesk(store: store, logger: logger)
        metrics.collect { audit.samples }
        let api = PrivateAPI(
            configuration: configuration.private, readiness: readiness, metrics: metrics,
            api: OperatorAPI(
                configuration: configuration, store: store, agents: agents, desk: desk, board: board, lines: lines,
                takeovers: takeovers, readiness: readiness, webhooks: webhooks, inbound: inbound.rules, line: inbound,
                versions: versions, stops: stops, tools: { [catalogue] in catalogue.definitions },
                knowledge: catalogue.knowledge, audit: audit,
                settle: {
                    await writer.flush()
                    return writer.metrics.spillSize == 0
                }, logger: logger),
            logger: logger,
            listening: { [privatePort] in privatePort.arrive($0) })
        metrics.collect {
            let now = Duration.seconds(Date().timeIntervalSince1970)
            return PrometheusSample.storeWriter(writer.metrics) + [
                .counter("parley_archive_dropped_events_total", archive.droppedCount),
                .gauge("parley_lines_in_use", desk.linesInUse(now: now)),
                .gauge("parley_lines_free", desk.freeLines(now: now)),
            ]
                + desk.refusals.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    .counter("parley_calls_refused_total", $0.value, dimensions: [("reason", $0.key.rawValue)])
                }
        }
        metrics.collect { [inbound] in inbound.samples }
        metrics.collect { webhooks.samples }
        let exporting = traces.map { traces in
            metrics.collect { traces.exporter.samples }
            return Worker(work: { await traces.exporter.run() }, stop: { await traces.exporter.stop() })
        }
        metrics.collect { [counters] in PrometheusSample.agents(counters) }
        let reviews = untilStopped { [store, catalogue, traces, logger, mask = configuration.privacy.mask] in
            let runner = ReviewRunner(
                store: store, tools: { catalogue.tools }, traceparent: { traces?.traceparent(ofCall: $0) }, mask: mask)
            await runner.run(every: .seconds(2), logger: logger)
        }
        let retention = Retention(configuration, store: store, logger: logger) { Set(desk.sessions.map(\.id)) }
        let sweeping = untilStopped { await retention.run() }
        let messages = untilStopped { [self] in await finishMessages(every: .seconds(1)) }
        let promises = untilStopped { [catalogue] in await catalogue.promises.resume(every: .seconds(30)) }
        let waiting = untilStopped { [inbound] in await inbound.watchQueue(on: desk) }
        let following = untilStopped { await versions.run(every: .seconds(1)) }
        let stopping = untilStopped { await stops.run(every: .seconds(1)) }
        let calls = CallTaker(readiness: readiness, draining: { node.drain() }) { [self] in
            try await takeCalls(
                at: publicHost, desk: desk, archive: archive, readiness: readiness, lines: lines, takeovers: takeovers,
                versions: versions)
        }
        // Operators can ask from the first moment on, while models are still being prepared. Stopped in reverse: first no
        // more calls, then the archive runs dry, then the last row is written, then what it tells of goes out, then this
        // node is no more.
        var services: [any ServiceLifecycle.Service] = [
            api, Worker(work: { await node.run() }, stop: { node.stop() }),
            Worker(work: { await dispatcher.run() }, stop: { await dispatcher.stop() }),
        ]
        if let exporting { services.append(exporting) }
        services += [
            Worker(work: { await writer.run() }, stop: { await writer.close() }),
            Worker(work: { await archive.run() }, stop: { archive.close() }),
            reviews, sweeping, messages, promises, waiting, following, stopping, calls,
        ]
        try await ServiceGroup(services: services, logger: logger).run()
    }

    /// The address that carriers connect to; a name is looked up once.
    private func publicHost() async throws -> String {
        do {
            return try await ListenerConfiguration.numericHost(configuration.public.host)
        } catch {
            throw ListenerError(
                plane: "public", host: configuration.public.host, port: configuration.public.port,
                detail: "the name cannot be looked up: \(error.detail)",
                remedy: "let `public.host` be an IP address of this machine, or 0.0.0.0 for all")
        }
    }

    /// Work that goes on until it is cancelled, as part of the service.
    private func untilStopped(_ work: @escaping @Sendable () async -> Void) -> Worker {
        let (ticks, stop) = AsyncStream.makeStream(of: Void.self)
        return Worker(
            work: {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await work() }
                    for await _ in ticks {}
                    group.cancelAll()
                }
            }, stop: { stop.finish() })
    }
}
