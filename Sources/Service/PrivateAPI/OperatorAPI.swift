import Agent
import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// The REST API of the private plane: what its operations need, and the list of them.
///
/// The document that describes them is `Sources/Console/Resources/openapi.json`; a test holds the two together.
package struct OperatorAPI: Sendable {
    let configuration: ParleyConfiguration
    let store: Store
    let agents: AgentLibrary
    let desk: CallDesk
    let board: CallBoard
    let lines: BrowserLines
    let takeovers: Takeovers
    let readiness: Readiness
    let webhooks: WebhookDesk
    /// Who answers calls that come in; where nobody takes calls, without the holidays of regions.
    let inbound: InboundRules
    /// Who waits for a free line; nil where nobody takes calls.
    let line: InboundDesk?
    let keys: KeyRing
    let sessions = SessionDesk()
    /// Signs people in by name and password.
    let accounts: AccountDesk
    /// Signs people in whom an identity provider knows; nil where none is set up.
    let openID: OpenIDOffice?
    /// What campaigns are run from, or why they cannot be.
    let campaigns: Result<CampaignOffice, CampaignError>
    let validator: AgentValidator
    /// What is done with agents' versions.
    let versionOffice: VersionOffice
    /// Follows what is done with them; nil where nobody takes calls.
    let keeper: VersionKeeper?
    /// Which agents people have stopped.
    let stops: StopKeeper
    /// Writes down who did what.
    let audit: AuditDesk
    let people: PersonOffice
    /// What agents may look things up in.
    let knowledge: KnowledgeDesk
    /// Where contacts are received, and what was left out of them.
    let imports: ImportFolder
    let uploads: UploadDesk
    let rehearsals = RehearsalDesk()
    let trials = TrialDesk()
    let startedAt: Date
    let now: @Sendable () -> Date
    let logger: Logger

    init(
        configuration: ParleyConfiguration, store: Store, agents: AgentLibrary, desk: CallDesk, board: CallBoard,
        lines: BrowserLines, takeovers: Takeovers, readiness: Readiness,
        webhooks: WebhookDesk? = nil, inbound: InboundRules? = nil, line: InboundDesk? = nil,
        versions: VersionKeeper? = nil,
        stops: StopKeeper? = nil, tools: (@Sendable () -> [ToolDefinition])? = nil,
        knowledge: KnowledgeDesk? = nil, audit: AuditDesk? = nil,
        settle: @escaping @Sendable () async -> Bool = { true }, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.store = store
        self.agents = agents
        self.desk = desk
        self.board = board
        self.lines = lines
        self.takeovers = takeovers
        self.readiness = readiness
        self.webhooks = webhooks ?? WebhookDesk(configuration.webhooks)
        self.inbound = inbound ?? InboundRules(configuration)
        self.line = line
        openID = OpenIDOffice(configuration.private, logger: logger, now: now)
        // Other tenants' tools and programs are on this machine, too.
        let mayBeOpen = configuration.private.isLoopback && configuration.tenant == nil
        keys = KeyRing(store: store, isLoopback: mayBeOpen, isGuarded: openID != nil, now: now)
        accounts = AccountDesk(store: store, now: now)
        keeper = versions
        self.stops = stops ?? StopKeeper(store: store, desk: desk, board: board, logger: logger)
        versionOffice = VersionOffice(
            configuration, store: store,
            tools: { if let tools { tools() } else { try await ToolCatalogue.definitions(configuration) } }, now: now)
        campaigns = Self.office(configuration, store, { versions?.roster.definitions ?? agents.agents }, now)
        validator = AgentValidator(directory: URL(fileURLWithPath: configuration.agents.directory)) { agent in
            // What it lacks by itself (a provider that is not set up) is said when it is published.
            guard configuration.objection(to: agent) == nil else { return nil }
            return configuration.objection(to: agent, among: versions?.roster.definitions ?? agents.agents)
        }
        self.audit = audit ?? AuditDesk(store: store, logger: logger, now: now)
        self.knowledge =
            knowledge
            ?? KnowledgeDesk(
                DocumentLibrary(directory: configuration.tools.documents, store: store),
                search: KnowledgeSearch(store: store))
        people = PersonOffice(configuration, store: store, settle: settle, now: now)
        imports = ImportFolder(directory: configuration.campaigns.imports)
        uploads = UploadDesk(folder: imports, largest: configuration.campaigns.largestImport, now: now)
        startedAt = now()
        self.now = now
        self.logger = logger
    }

    /// Every agent as it answers now, by name.
    var known: [String: AgentDefinition] { keeper?.roster.definitions ?? agents.agents }

    var routes: [APIRoute] {
        // A sum of so many takes the compiler long.
        let parts: [[APIRoute]] = [
            sessionRoutes, openSessionRoutes, openIDRoutes, callRoutes, scorecardRoutes, analysisRoutes,
            analyticsRoutes,
            dialRoutes, liveRoutes, takeoverRoutes, eventRoutes, agentRoutes, versionRoutes, trialRoutes, stopRoutes,
            campaignRoutes, campaignMakingRoutes,
            contactRoutes, reviewRoutes, callbackRoutes, webhookRoutes, healthRoutes, auditRoutes, peopleRoutes,
            keyRoutes, accountRoutes, consentRoutes, numberRoutes, documentRoutes, knownContactRoutes,
        ]
        return Array(parts.joined())
    }

    private static func office(
        _ configuration: ParleyConfiguration, _ store: Store,
        _ agents: @escaping @Sendable () -> [String: AgentDefinition],
        _ now: @escaping @Sendable () -> Date
    ) -> Result<CampaignOffice, CampaignError> {
        do {
            return .success(
                CampaignOffice(
                    store: store, rules: try CallingRules(directory: configuration.campaigns.directory),
                    current: agents, now: now))
        } catch let error as CampaignError { return .failure(error) } catch {
            return .failure(CampaignError(.badFile, configuration.campaigns.directory, "\(error)"))
        }
    }

    /// - Throws: a problem where the tables of calling hours cannot be read, without which nobody may be called.
    func office() throws -> CampaignOffice {
        do { return try campaigns.get() } catch {
            throw Problem.unavailable("Campaigns cannot be run: \(error). \"campaigns.directory\" names their tables.")
        }
    }

    /// Warns once, at the start, of doors that stand open.
    package func warnIfOpen() async {
        guard let warning = try? await openWarning() else { return }
        logger.warning("the console asks for no key", metadata: ["advice": "\(warning)"])
    }

    /// What to say about a console that anybody on this machine may use; nil when a key is asked for.
    func openWarning() async throws -> String? {
        guard try await keys.isOpen() else { return nil }
        return "No key or account has been made: everybody on this machine may use the console and the API. "
            + "`parley keys create --name NAME --scope admin` makes one."
    }

    /// For a stream that begins with `request`, whose head is enough for it.
    func pass(of request: Request) -> StreamPass {
        let access = AccessMiddleware(keys: keys, sessions: sessions, accounts: accounts, now: now)
        let asked = Request(head: request.head, body: RequestBody(buffer: ByteBuffer()))
        return StreamPass { try await access.identity(asked) != nil }
    }

    /// Leaves a trace of who did what to a call.
    func note(_ act: String, callID: String, context: APIContext) {
        logger.notice(
            "an operator acts",
            metadata: ["act": "\(act)", "call.id": "\(callID)", "key": "\(context.identity?.keyID ?? "none")"])
    }
}

extension Response {
    /// A value as JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: APIJSON.encode(value))))
    }
}
