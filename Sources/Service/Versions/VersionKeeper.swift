import Agent
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Store

/// Keeps the roster of a running service as the store has it: prepares versions before they take a call, gives them new
/// calls, and takes them off when their error budget is spent.
///
/// What a person decided is in the store, whoever wrote it there: the command line, another process, the API. It is looked
/// for every second, and at once after a request to this process.
actor VersionKeeper {
    /// Calls that ended and are not counted yet; more are dropped and counted.
    private static let mostEnded = 10_000

    /// A provider's name in; what opens its connection for one call of a loop out.
    typealias Conversing =
        @Sendable (_ provider: String, _ model: String?) throws -> @Sendable (EventLoop, Logger) -> ConversingCall

    nonisolated let roster: AgentRoster
    let webhooks: WebhookRoster
    let configuration: ParleyConfiguration
    let store: Store
    /// As they were at the start.
    let files: [String: AgentDefinition]
    let tools: @Sendable () -> [ToolDefinition]
    private let lines: BrowserLines
    let now: @Sendable () -> Date
    let logger: Logger
    nonisolated let tally = VersionTally()
    private nonisolated let ended = Lock<[CallRecord]>([])
    private nonisolated let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Nil until there are ears and a voice to prepare agents with.
    private var engines: (any CallEngines)?
    /// Opens a provider's model that hears and speaks by itself.
    private var conversation: Conversing = { provider, _ in
        throw VendorError(provider: provider, reason: "no vendors are connected")
    }
    /// Whether every agent has been prepared, so that there is something to change.
    private var hasStarted = false
    /// One look at a time: each changes what the next begins with, and waits for the store in between.
    private var isLooking = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// The newest act that the roster has followed.
    private var seenAct = 0
    /// Agent → the act that could not be followed.
    var refused: [String: Int] = [:]
    /// Agents whose version goes on though it is published no more, for their file cannot be taken.
    var heldBack: Set<String> = []
    var watched: [WatchedVersion] = []
    var lastReview: Date

    /// - Parameters:
    ///   - files: the agents as their files have them.
    ///   - tools: every tool there is.
    ///   - lines: told of agents that nobody can talk to.
    ///   - webhooks: who is told of a version that has burnt.
    init(
        configuration: ParleyConfiguration, store: Store, files: AgentLibrary,
        tools: @escaping @Sendable () -> [ToolDefinition], lines: BrowserLines, roster: AgentRoster,
        webhooks: WebhookRoster = WebhookRoster(), now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.files = files.agents
        self.tools = tools
        self.lines = lines
        self.roster = roster
        self.webhooks = webhooks
        self.now = now
        self.logger = logger
        lastReview = now()
    }

    /// Prepares every agent: its live version where one is published, its file otherwise.
    ///
    /// A live version that cannot be loaded is replaced by the nearest one before it that can, and in the end by the file.
    /// A tool that is missing at this moment (a server that is down) is no reason for that, as it is none for a file.
    ///
    /// - Parameter conversation: where there are providers of speech to speech.
    func start(_ engines: any CallEngines, conversation: Conversing? = nil) async throws {
        self.engines = engines
        if let conversation { self.conversation = conversation }
        seenAct = try await store.newestAgentAct()
        let standings = try await store.agentStandings()
        let published = Set(standings.map(\.agent))
        for (name, definition) in files.sorted(by: { $0.key < $1.key }) where !published.contains(name) {
            try await takeFile(definition)
        }
        for standing in standings {
            try Task.checkCancellation()
            try await take(standing, isStarting: true)
            if let file = files[standing.agent], let live = roster.lane(standing.agent)?.live.definition,
                file.version != live.version
            {
                logger.notice(
                    "an agent's file differs from its published version; calls get the published one",
                    metadata: ["agent": "\(standing.agent)", "version": "\(standing.live)", "file": "\(file.file)"])
            }
        }
        tally.show(roster, watched, now: now())
        hasStarted = true
    }

    /// Follows until cancelled.
    func run(every interval: Duration) async {
        await withTaskGroup { group in
            group.addTask { [wake] in
                repeat { wake.yield() } while (try? await Task.sleep(for: interval)) != nil
            }
            for await _ in wakes { await tick() }
            group.cancelAll()
        }
    }

    /// Follows what was decided soon. Any thread; never waits.
    nonisolated func lookSoon() { wake.yield() }

    /// Counts what has happened since the last look, and follows what was decided.
    func tick() async {
        guard hasStarted else { return }
        if isLooking { await withCheckedContinuation { waiting.append($0) } }
        isLooking = true
        defer { if waiting.isEmpty { isLooking = false } else { waiting.removeFirst().resume() } }
        do {
            try await count(takeEnded())
            try await refresh()
        } catch is CancellationError {
            return
        } catch {
            logger.error("agents' versions could not be followed", metadata: ["error": "\(error)"])
        }
        tally.show(roster, watched, now: now())
    }

    /// Does at once what was decided in the store; what cannot be done is there, too, with the reason.
    func follow() async { await tick() }

    /// Notes that a call has ended. Any thread; never waits.
    nonisolated func ended(_ call: CallRecord) {
        let isKept = ended.withLock { ended in
            guard ended.count < Self.mostEnded else { return false }
            ended.append(call)
            return true
        }
        if !isKept { tally.dropped() }
    }

    private nonisolated func takeEnded() -> [CallRecord] {
        ended.withLock { ended in
            defer { ended = [] }
            return ended
        }
    }

    private func refresh() async throws {
        let newest = try await store.newestAgentAct()
        guard newest != seenAct else { return }
        let standings = try await store.agentStandings()
        for standing in standings {
            let isNew = roster.lane(standing.agent)?.act ?? 0 < standing.act
            guard isNew, refused[standing.agent] != standing.act else { continue }
            try await take(standing, isStarting: false)
        }
        let published = Set(standings.map(\.agent))
        for (name, lane) in roster.lanes
        where lane.live.number != nil && !published.contains(name) && !heldBack.contains(name) {
            try await backToFile(name, act: newest)
        }
        seenAct = newest
    }

    /// Gives an agent's new calls to the versions that should have them.
    private func take(_ standing: AgentStanding, isStarting: Bool) async throws {
        let before = roster.lane(standing.agent)
        let live: PreparedAgent
        do { live = try await version(standing.live, of: standing, before, isStarting) } catch let refusal
            as VersionRefusal
        {
            await refuse(refusal, standing)
            let next = try await store.passOver(
                version: refusal.number, of: standing.agent, because: refusal.reason, now: now())
            if let next { return try await take(next, isStarting: isStarting) }
            guard isStarting, before == nil else { return }
            return try await standIn(for: standing)
        }
        var lane = AgentRoster.Lane(live: live)
        refused[standing.agent] = nil
        if let trial = standing.trial {
            // Whatever is wrong with it, the live version is not.
            do {
                lane.trial = try await version(trial, of: standing, before, isStarting)
                lane.split = TrafficSplit(percent: standing.percent)
            } catch let refusal as VersionRefusal { await refuse(refusal, standing) }
        }
        lane.escalates = standing.escalates
        lane.act = standing.act
        heldBack.remove(standing.agent)
        if refused[standing.agent] == nil { try await noteTaken(standing.agent, since: standing.act) }
        roster.put(lane, for: standing.agent)
        lines.takeBack(standing.agent)
        try await watch(standing, lane)
        logger.notice(
            "an agent's version takes calls",
            metadata: [
                "agent": "\(standing.agent)", "version": "\(standing.live)", "hash": "\(lane.live.definition.version)",
                "trial": "\(lane.trial?.number.map { "\($0) for \(standing.percent) %" } ?? "none")",
                "escalates": "\(standing.escalates)",
            ])
    }

    /// At the start.
    func takeFile(_ definition: AgentDefinition) async throws {
        do {
            let agent = try await prepare(definition, isStarting: true)
            roster.put(AgentRoster.Lane(live: agent), for: definition.name)
            try await noteTaken(definition.name, since: 0)
        } catch let objection as AgentObjection {
            // An agent that nobody can think for, or hear callers for, is no reason to let the others wait.
            logger.warning(
                "agent left out", metadata: ["agent": "\(definition.name)", "reason": "\(objection.reason)"])
            lines.leaveOut(definition.name, because: objection.reason)
        }
    }

    /// A version that is ready to take calls: the one that takes them already, or one that is prepared now.
    func version(
        _ number: Int, of standing: AgentStanding, _ before: AgentRoster.Lane?, _ isStarting: Bool
    ) async throws -> PreparedAgent {
        let ready = [before?.live, before?.trial].compactMap(\.self).first { $0.number == number }
        if let ready { return ready }
        func refusal(_ reason: String) -> VersionRefusal { VersionRefusal(number: number, reason: reason) }
        let definition: AgentDefinition
        do {
            definition = try AgentBundle(try await store.content(ofVersion: number, of: standing.agent))
                .definition(meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
        } catch let error as AgentFileErrors {
            throw refusal(error.description)
        }
        let faults = definition.faults(
            tools: tools(), configuration: configuration, agents: Set(roster.definitions.keys))
        if !faults.isEmpty {
            let reason = faults.map(\.reason).joined(separator: "; ")
            guard isStarting else { throw refusal(reason) }
            logger.warning(
                "a version lacks something", metadata: ["agent": "\(standing.agent)", "reason": "\(reason)"])
        }
        do {
            var agent = try await prepare(definition, isStarting: isStarting)
            agent.number = number
            return agent
        } catch let objection as AgentObjection {
            throw refusal(objection.reason)
        } catch let error as SpeechError {
            // A word that the recognizer cannot hear stops the start where a file has it; here something else can answer.
            throw refusal(error.description)
        }
    }

    /// Makes an agent ready to take calls, so that its first caller waits for nothing.
    func prepare(_ definition: AgentDefinition, isStarting: Bool) async throws -> PreparedAgent {
        guard let engines = engines?.speaking(definition.spokenLanguage) else {
            preconditionFailure("agents are prepared with the engines of `start`")
        }
        try Task.checkCancellation()
        var vocabulary = SpeechVocabulary(definition.language)
        // Sentences of one language only: a recognizer of another lacks their words.
        if definition.recording != nil, definition.spokenLanguage == .english { vocabulary.hearConsent() }
        if CallPlacing.isPossible(configuration), definition.canPlaceCalls { vocabulary.hearAnswers() }
        let converses = configuration.converses(definition)
        let others = files.merging(roster.definitions) { $1 }
        let deafness = converses ? nil : engines.objection(to: vocabulary)
        if let objection = configuration.objection(to: definition, among: others) ?? deafness {
            throw AgentObjection(reason: objection)
        }
        if isStarting {
            try await engines.prepare(vocabulary)
        } else {
            try await engines.prepareDuringCalls(vocabulary)
        }
        do { try await engines.prepare(definition.spokenSentences, voice: definition.voice ?? "") } catch {
            logger.error("agent has no voice", metadata: ["agent": "\(definition.name)", "reason": "\(error)"])
        }
        var settings = configuration.conversation.adapted(to: definition)
        // The model has heard the turn before anybody has its words.
        if converses { settings.turns.hearsNoWords = true }
        return PreparedAgent(
            definition: definition, vocabulary: vocabulary, engines: engines, voice: definition.voice ?? "",
            settings: settings,
            conversation: try definition.conversing(in: configuration).map { try conversation($0.provider, $0.model) })
    }
}

/// Why an agent cannot take calls.
struct AgentObjection: Error {
    let reason: String
}

/// Why a version does not take the calls it should.
struct VersionRefusal: Error {
    let number: Int
    let reason: String
}
