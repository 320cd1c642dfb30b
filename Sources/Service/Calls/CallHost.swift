import Agent
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Store
import Telephony

/// Turns a media stream into a call: checks its token, finds its agent, and opens its file.
final class CallHost: Sendable {
    /// Hears every event of every call, on the call's loop; must not block.
    typealias Watcher = @Sendable (_ callID: String, CallEvent) -> Void

    let desk: CallDesk
    let agents: AgentRoster
    private let tools: @Sendable () -> [any Tool]
    let environment: DialogueEnvironment
    let archive: CallArchive
    private let services: CallServices
    private let tokens: CallTokenAuthority
    private let requiresToken: Bool
    /// Who answers calls that come in.
    let inbound: InboundDesk
    private let recordings: URL?
    private let makeDialogue: ParleyService.DialogueMaker
    let watcher: Watcher?
    /// Who places calls; nil when this service only takes them.
    let runner: CampaignRunner?
    /// Calls people for callers; nil where nobody can be called.
    let people: PersonCalls?
    let webhooks: WebhookRoster
    let prices: ParleyConfiguration.Prices
    let node: String?
    /// Goes on with calls of nodes that are no more; nil where nobody does.
    let resumer: CallResumer?
    private let traces: CallTraces?
    /// Of all carriers' addresses.
    let webhookRefusals = WebhookRefusals()
    let logger: Logger
    private let tickers = Lock<[ObjectIdentifier: MediaTicker]>([:])

    /// - Parameters:
    ///   - agents: who takes calls, at any moment.
    ///   - inbound: who answers calls that come in.
    ///   - tools: made anew for each call, so that a call may have state of its own.
    ///   - requiresToken: false only where everybody who can connect may call (load drivers on loopback).
    ///   - recordings: the folder of the recordings; nil keeps none.
    ///   - traces: what of calls is traced; nil is nothing.
    ///   - resumer: goes on with calls of nodes that are no more; nil where nobody does.
    ///   - node: stands with each call, so that others can end it should this process not.
    init(
        desk: CallDesk, agents: AgentRoster, inbound: InboundDesk,
        tools: @escaping @Sendable () -> [any Tool],
        environment: DialogueEnvironment, archive: CallArchive, services: CallServices, tokens: CallTokenAuthority,
        requiresToken: Bool, recordings: URL?, makeDialogue: @escaping ParleyService.DialogueMaker, watcher: Watcher?,
        runner: CampaignRunner? = nil, people: PersonCalls? = nil, webhooks: WebhookRoster = WebhookRoster(),
        prices: ParleyConfiguration.Prices = ParleyConfiguration.Prices(), node: String? = nil,
        resumer: CallResumer? = nil, traces: CallTraces? = nil, logger: Logger
    ) {
        self.desk = desk
        self.agents = agents
        self.inbound = inbound
        self.tools = tools
        self.environment = environment
        self.archive = archive
        self.services = services
        self.tokens = tokens
        self.requiresToken = requiresToken
        self.recordings = recordings
        self.makeDialogue = makeDialogue
        self.watcher = watcher
        self.runner = runner
        self.people = people
        self.webhooks = webhooks
        self.prices = prices
        self.node = node
        self.resumer = resumer
        self.traces = traces
        self.logger = logger
    }

    /// Whether an agent of that name can answer.
    func hasAgent(_ name: String) -> Bool { agents.lane(name) != nil }

    /// The handler of a new media socket on `loop`.
    ///
    /// - Parameters:
    ///   - parameters: what the address of the socket carried.
    ///   - isProven: whether whoever opened it has shown a secret; then no token of a call is asked for.
    ///   - isInvited: whether the id of the call is itself the secret, which an invitation gave.
    func openMedia(
        _ dialect: MediaDialects, parameters: [String: String] = [:], isProven: Bool = false, isInvited: Bool = false,
        on loop: EventLoop
    ) -> MediaConnection {
        let ticker = tickers.withLock { tickers in
            if let ticker = tickers[ObjectIdentifier(loop)] { return ticker }
            let ticker = MediaTicker()
            tickers[ObjectIdentifier(loop)] = ticker
            return ticker
        }
        return MediaConnection(
            line: dialect.makeLine(parameters: parameters), services: services, ticker: ticker,
            admit: { [self] start in
                admit(start, of: dialect.name, isProven: isProven, isInvited: isInvited, on: loop)
            },
            began: { [desk, people] session in
                desk.began(session)
                people?.began(session)
            },
            refused: { [logger] refusal in
                logger.warning(
                    "media stream refused", metadata: ["carrier": "\(dialect.name)", "reason": "\(refusal.reason)"])
            })
    }

    private func admit(
        _ start: MediaStart, of carrier: String, isProven: Bool, isInvited: Bool, on loop: EventLoop
    ) -> Result<CallPlan, MediaRefusal> {
        switch expected(start, of: carrier, isProven: isProven, isInvited: isInvited) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let call):
            let admitted = plan(for: call, start, of: carrier, on: loop)
            if case .failure = admitted { desk.refused(callID: call.callID) }
            return admitted
        }
    }

    private func plan(
        for call: CallDesk.Expected, _ start: MediaStart, of carrier: String, on loop: EventLoop
    ) -> Result<CallPlan, MediaRefusal> {
        if call.isPerson { return admitPerson(call, start, of: carrier, on: loop) }
        // What the call is given here it keeps, whatever is published meanwhile.
        let found =
            call.back?.agent
            // Whoever goes on with a call has the version of before, where it still answers.
            ?? agents.agent(
                call.agent, forCall: call.resumed?.call.id ?? call.callID, placedFor: call.outbound?.seller)
        guard let agent = found else {
            return .failure(MediaRefusal(code: 1008, reason: "there is no agent called \"\(call.agent)\""))
        }
        var start = start
        if start.callID.isEmpty { start.callID = call.callID }
        // To the agent the person on the line is the caller, whoever dialled.
        var facts = CallFacts(
            callID: call.callID, callerNumber: call.outbound?.number ?? call.from,
            calledNumber: call.outbound?.callerID ?? call.to,
            parameters: start.parameters.merging(call.outbound?.variables ?? [:]) { $1 },
            isPlaced: call.outbound != nil)
        facts.traceparent = traces?.traceparent(ofCall: call.callID)
        var settings = agent.settings
        settings.placed = call.outbound?.placed(as: agent.definition)
        // Where nothing is recorded there is nothing to say of it.
        settings.recording = recordings == nil ? nil : agent.definition.recording
        let tools = tools()
        var environment = environment
        // Whoever would be handed over to an agent that is stopped goes to the escalation.
        environment.agents = agents.definitions.filter { desk.speaks($0.key, on: call) }
        let holders = holders(of: agent, among: environment.agents)
        if !holders.isEmpty { settings.speakers = holders.mapValues { $0.definition.speaker($0.settings) } }
        environment.counters = AgentCounters(within: environment.counters)
        let meter = UsageMeter()
        // The conversation of a caller who is back keeps the models of before.
        let served = call.back?.served ?? ServedCall(callID: call.callID, meter: meter)
        served.become(callID: call.callID, meter: meter)
        let (mark, log) = (served.mark, served.mark.logger(logger))
        environment.logger = mark.logger(environment.logger)
        let (engines, prices) = (agent.engines.metered(by: meter).logging(to: log), prices)
        let path = recordings?.appendingPathComponent(call.callID + services.recordings.format.suffix).path
        archive.open(
            CallFile(
                call: CallRecord(
                    id: call.callID, carrier: carrier, carrierCallID: start.callID,
                    direction: call.outbound == nil ? .inbound : .outbound,
                    from: call.from,
                    to: call.to, agent: agent.definition.name, agentVersion: agent.definition.version,
                    startedAt: environment.now(), node: node, language: agent.definition.spokenLanguage.rawValue,
                    resumes: call.resumed?.call.id),
                actingTools: Set(tools.map(\.definition).filter { $0.risk != .read }.map(\.name)).union([
                    Conversation.transferAct
                ]),
                settings: settings, webhooks: webhooks, counters: environment.counters,
                cost: { prices.cost(of: meter.usage, carrier: carrier, length: $0) }, clock: environment.now),
            tools: Set(tools.map(\.definition.name)).union(AgentDefinition.ownToolNames).union([
                Conversation.transferAct
            ]))
        let (archive, watcher, id) = (archive, watcher, call.callID)
        // Whom we have called does not want to be put through.
        let escalates = (agent.escalates || call.back == nil && desk.sendsOn(call)) && call.outbound == nil
        let conversing = escalates ? nil : agent.conversation?(loop, log)
        if let conversing { environment.models[conversing.provider] = conversing.model }
        for (name, model) in environment.models {
            environment.models[name] = MeteredModel(
                model: model, provider: name, meter: { served.meter }, answered: modelWatch(of: served))
        }
        // What was begun on the call before is that one's still, until its dialogue hears of this one.
        var known = facts
        if let resumed = call.resumed { known.callID = resumed.call.id }
        let dialogue: any Dialogue =
            call.back?.dialogue
            ?? (escalates
                ? agent.definition.makeEscalationDialogue(call: known, tools: tools, environment: environment)
                : makeDialogue(agent.definition, known, tools, environment))
        if agent.definition.takesCallersBack, conversing == nil, call.outbound == nil {
            desk.keep(
                CallDesk.Back(agent: agent, dialogue: dialogue, served: served), of: call, carrierCallID: start.callID,
                now: .seconds(environment.now().timeIntervalSince1970))
        }
        let watch = call.outbound.map { WatchedCall($0, callID: id, runner: runner) }
        let voice = agent.definition.voiced(by: engines.synthesizer(on: loop))
        var plan = CallPlan(
            facts: facts, carrierCallID: start.callID, settings: settings,
            dialogue: watch?.wrap(
                dialogue, in: agent.definition.spokenLanguage, holders.mapValues(\.definition.spokenLanguage))
                ?? dialogue,
            voiceDetection: agent.engines.voiceDetection(on: loop),
            recognizer: conversing?.recognizer ?? engines.recognizer(on: loop), vocabulary: agent.vocabulary,
            synthesizer: conversing?.synthesizer(over: voice) ?? voice, voice: agent.voice,
            recordingPath: path
        ) { event in
            mark.see(event)
            served.see(event)
            archive.record(event, callID: id)
            watch?.see(event)
            watcher?(id, event)
        }
        if conversing != nil {
            plan.operatorRecognizer = engines.recognizer(on: loop)
        } else {
            let colleagues = environment.agents
            plan.voiceOf = { name in
                colleagues[name].map {
                    let engine = engines.speaking($0.spokenLanguage).synthesizer(on: loop)
                    return CallVoice(synthesizer: $0.voiced(by: engine), name: $0.voice ?? "")
                }
            }
        }
        plan.people = people?.caller(for: facts, of: carrier, agent: agent, holders: holders)
        plan.returnReason = call.back?.reason
        plan.history = call.resumed?.history
        plan.endOfTurnModel = agent.engines.endOfTurnModel
        plan.carrierAnswer = call.outbound?.carrierAnswer
        return .success(plan)
    }

    /// Takes what becomes of requests to models on a call; nil where no call is traced.
    private func modelWatch(of served: ServedCall) -> (@Sendable (ModelCall) -> Void)? {
        guard let traces else { return nil }
        return { [archive] call in
            let id = served.callID
            if traces.takes(id) { archive.record(call, callID: id) }
        }
    }

    /// What an invited call is announced under: no other carrier's id is an invitation.
    static func invitation(_ id: String, of carrier: String) -> String { "\(carrier) \(id)" }

    /// Refuses a stream whose proof is not good, and counts it; it is logged as all that are refused.
    private func disbelieve(
        _ fault: WebhookFault, _ carrier: String, _ reason: String
    ) -> Result<CallDesk.Expected, MediaRefusal> {
        webhookRefusals.add(fault, of: carrier)
        return .failure(MediaRefusal(code: 1008, reason: reason))
    }

    private func expected(
        _ start: MediaStart, of carrier: String, isProven: Bool, isInvited: Bool
    ) -> Result<CallDesk.Expected, MediaRefusal> {
        let now = Duration.seconds(environment.now().timeIntervalSince1970)
        if isInvited {
            let key = Self.invitation(start.callID, of: carrier)
            if let call = desk.take(carrierCallID: key, now: now) { return .success(call) }
            guard !requiresToken else {
                return disbelieve(
                    .mismatch, carrier, "nobody was invited by this id, or they came before, or come too late")
            }
        }
        if !isProven, let token = start.parameters["token"] {
            switch tokens.verdict(on: token, callID: start.callID, now: now) {
            case .forged: return disbelieve(.mismatch, carrier, "the token is not for this call")
            case .expired: return disbelieve(.stale, carrier, "the token is too old")
            case .valid: break
            }
            guard let call = desk.take(carrierCallID: start.callID, now: now) else {
                return disbelieve(.stale, carrier, "the token was used before, or the stream comes too late")
            }
            return .success(call)
        }
        guard isProven || !requiresToken else {
            return disbelieve(.missing, carrier, "the stream carries no token; only announced calls are taken")
        }
        let (id, from, to) = (CallID.new(), start.parameters["from"] ?? "", start.parameters["to"] ?? "")
        let agent: String
        if let named = start.parameters["agent"] {
            agent = named
        } else {
            switch inbound.agent(of: id, over: carrier, from: from, to: to, now: now) {
            case .success(let name): agent = name
            case .failure(let unanswered):
                return .failure(
                    MediaRefusal(code: 1013, reason: "no agent answers this call: \(unanswered.reason.rawValue)"))
            }
        }
        let call = CallDesk.Expected(callID: id, agent: agent, from: from, to: to, expires: now)
        if let refusal = desk.refusal(of: call, now: now) {
            return .failure(MediaRefusal(code: 1013, reason: "no call is taken now: \(refusal.rawValue)"))
        }
        return .success(call)
    }
}
