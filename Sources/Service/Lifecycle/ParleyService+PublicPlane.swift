import Agent
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Store
import Telephony

/// The plane that carriers and callers reach, made of everything the rest of the service has prepared.
extension ParleyService {
    func publicPlane(
        host address: String, vendors: Vendors, recordings: RecordingWriter,
        desk: CallDesk,
        archive: CallArchive, runner: CampaignRunner?, carriers: PersonCarriers, readiness: Readiness,
        lines: BrowserLines, takeovers: Takeovers
    ) throws -> PublicPlane {
        let tokens = CallTokenAuthority(lifetime: configuration.public.tokenLifetime)
        var playout = PlayoutQueue.Configuration()
        playout.lead = configuration.media.lead.samples
        playout.longestLead = configuration.media.longestLead.samples
        let now: @Sendable () -> Duration = { .seconds(Date().timeIntervalSince1970) }
        var services = CallServices(
            recordings: recordings, playout: playout,
            hangUp: { id, _ in desk.decide(.hangUp, carrierCallID: id, now: now()) },
            transfer: { [configuration, logger] id, name in
                let escalation = configuration.conversation.escalation
                guard let destination = TransferDestination(name, escalation: escalation) else {
                    logger.warning(
                        "transfer impossible", metadata: ["carrier.call": "\(id)", "pii.destination": "\(name)"])
                    return TransferDestination.missing
                }
                desk.decide(.transfer(destination), carrierCallID: id, now: now())
                return nil
            })
        services.ambience = try Ambience.Sounds(configuration.media)
        let (tools, configuration) = (catalogue.tools, configuration)
        services.holdMusic = try Ambience.Sounds.hold(configuration.media)
        let webhooks = WebhookRoster(configuration.webhooks)
        let people = PersonCalls(
            carriers: carriers, escalation: configuration.conversation.escalation,
            callerID: configuration.calls.transferCallerID, node: nodeID,
            book: PersonLegBook(store: store, node: nodeID, logger: logger),
            isAlive: { [store] node in
                // On a file there is one node: whoever had another name is no more. Where nobody can say, it lives.
                guard store.isShared else { return false }
                return (try? await store.livingNodes().contains { $0.id == node }) ?? true
            }, logger: logger)
        let resumer = CallResumer(
            store: store,
            rule: ResumptionRule(node: nodeID, name: configuration.node.calledName, isShared: store.isShared),
            logger: logger)
        let host = CallHost(
            desk: desk, agents: roster, inbound: inbound,
            tools: { tools },
            environment: DialogueEnvironment(
                timeZone: configuration.calendar.timeZone, models: vendors.models,
                reviews: StoredReviewDesk(store: store, webhooks: webhooks), counters: counters,
                logger: logger),
            archive: archive,
            services: services, tokens: tokens, requiresToken: configuration.public.auth == .signature,
            recordings: configuration.recordings.isEnabled
                ? URL(fileURLWithPath: configuration.recordings.directory) : nil,
            makeDialogue: makeDialogue, watcher: watcher, runner: runner, people: people, webhooks: webhooks,
            prices: configuration.prices, node: nodeID, resumer: resumer, traces: traces,
            logger: logger)
        metrics.collect { [refusals = host.webhookRefusals] in refusals.samples }
        let (logger, addresses, browserCalls) = (logger, addresses, browserCalls)
        return PublicPlane(
            configuration: .init(configuration, host: address), desk: desk, logger: logger,
            makeService: { port in
                let baseURL = configuration.public.baseURL(boundPort: port)
                // What is said of a call of this node leads to this node.
                let nodeURL = configuration.public.nodeURL ?? baseURL
                browserCalls.open(desk: desk, tokens: tokens, host: host, baseURL: nodeURL)
                runner?.listening(at: nodeURL)
                people.listening(at: nodeURL)
                return PublicRoutes.make(
                    configuration, baseURL: baseURL, nodeURL: nodeURL, host: host, takeovers: takeovers, tokens: tokens,
                    logger: logger)
            },
            streams: AudioSocketEntrance(peers: configuration.carriers.audioSocket.peers, host: host, logger: logger),
            listening: { port, streamPort in
                lines.listening(
                    at: configuration.public.nodeURL ?? configuration.public.baseURL(boundPort: port))
                readiness.set("listener", .ready)
                addresses.arrive(Addresses(publicPort: port, audioSocketPort: streamPort))
            })
    }
}

extension PublicPlane.Configuration {
    /// - Parameter host: the numeric address behind `public.host`.
    init(_ configuration: ParleyConfiguration, host: String) {
        var listener = ListenerConfiguration(host: host, port: configuration.public.port)
        listener.tls = configuration.public.tls.files
        let socket = configuration.carriers.audioSocket
        self.init(
            listener: listener, streams: socket.port.map { ListenerConfiguration(host: socket.host, port: $0) },
            loops: configuration.media.loops, isRealTime: configuration.media.isRealTime,
            gather: configuration.media.gather,
            lateBeat: configuration.media.lateBeat,
            maximumConnections: configuration.public.maximumConnections,
            drainDeadline: configuration.calls.drainDeadline)
    }
}

extension TwilioWebhooks.Trust {
    init(_ configuration: ParleyConfiguration) {
        switch configuration.public.auth {
        case .none: self = .none
        case .signature:
            self = .signature((configuration.carriers.twilio.authToken?.value).map(TwilioSignature.init(authToken:)))
        }
    }
}
