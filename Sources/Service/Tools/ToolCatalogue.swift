package import Agent
import Campaigns
package import CoreMetrics
package import Foundation
package import Logging
import Networking
package import Store

/// Every tool of a service: its own, and those of the files in `tools.directory`.
package final class ToolCatalogue: Sendable {
    private let own: [any Tool]
    private let remote = Lock<[any Tool]>([])
    private let library: ConnectorLibrary
    private let sessions: [MCPSession]
    private let programs: [CodeTool]
    private let client: HTTPClient
    /// Of what the configuration names itself, so where it may be is nobody else's to say.
    private let vendors: HTTPClient
    private let ledger: StoredActLedger
    /// Calls that people who called were promised.
    let promises: PromisedCallbacks
    /// Callers in line for a person.
    let waiting: WaitingLines
    private let documents: DocumentLibrary
    private let documentReport: Lock<DocumentLibrary.Report?>
    /// What is looked up in the documents, for those who look after them.
    let knowledge: KnowledgeDesk
    private let logger: Logger

    /// Reads the connectors. Nothing is connected to before ``connect()``.
    ///
    /// - Parameters:
    ///   - agents: by name, those that can call people back, whenever they are looked at.
    ///   - now: wall time of promises.
    ///   - environment: where connectors' files look `${NAME}` up.
    ///   - emulators: where vendors are emulated; then nothing else is reached. Nil where the tools are meant.
    ///   - metrics: makes what operators watch.
    /// - Throws: every fault of every connector's file.
    package init(
        _ configuration: ParleyConfiguration, store: Store, calendar: AppointmentCalendar, room: ThermostatRoom,
        environment: [String: String] = ProcessInfo.processInfo.environment, emulators: String? = nil,
        agents: @escaping @Sendable () -> [String: AgentDefinition] = { [:] },
        now: @escaping @Sendable () -> Date = { Date() }, metrics: any MetricsFactory = MetricsSystem.factory,
        logger: Logger
    ) throws {
        self.logger = logger
        var library = try ConnectorLibrary.load(
            directory: URL(fileURLWithPath: configuration.tools.directory), environment: environment)
        if let emulators { library.confine(to: emulators) }
        self.library = library
        // No proxy: it would look names up itself, and with that decide where tools connect to.
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(
                proxy: .none, addresses: .publicOnly(except: configuration.tools.allowedAddresses)), logger: logger)
        let mask = configuration.privacy.mask
        let ledger = StoredActLedger(store: store, mask: mask)
        var own: [any Tool] = CalendarTools.all(calendar, mask: mask)
        own += room.tools
        own += ContactTools.all(store, mask: mask, agents: agents)
        vendors = HTTPClient(logger: logger)
        let ranker = configuration.passageRanker(vendors, metrics, logger: logger)
        own.append(KnowledgeTool(store: store, ranker: ranker))
        own.append(TeamHandOver())
        let directory = configuration.campaigns.directory
        let webhooks = WebhookRoster(configuration.webhooks)
        promises = PromisedCallbacks(
            store: store, settings: configuration.callbacks, rules: { try CallingRules(directory: directory) },
            agents: agents, webhooks: webhooks, now: now, logger: logger)
        own.append(
            CallbackTool(
                store: store, rules: { try CallingRules(directory: directory) }, promises: promises, mask: mask,
                now: now))
        own.append(VoicemailTool(store: store, mask: mask, webhooks: webhooks))
        waiting = WaitingLines(now: now)
        own += waiting.tools
        for connector in library.connectors { own += HTTPTool.all(connector, client: client, ledger: ledger) }
        let addresses = AddressPolicy.publicOnly(except: configuration.tools.allowedAddresses)
        for account in library.accounts { own += MailTool.all(account, addresses: addresses, ledger: ledger) }
        for database in library.databases { own += try DatabaseTool.all(database) }
        programs = library.sandboxes.filter(\.missing.isEmpty).map(CodeTool.init)
        own += programs
        self.own = own
        sessions = library.servers.filter(\.missing.isEmpty).map { MCPSession($0, client: client) }
        let documents = DocumentLibrary(directory: configuration.tools.documents, store: store)
        let report = Lock<DocumentLibrary.Report?>(nil)
        knowledge = KnowledgeDesk(
            documents, search: KnowledgeSearch(store: store, ranker: ranker),
            leftOut: { report.withLock { $0?.leftOut ?? [] } })
        self.documents = documents
        documentReport = report
        self.client = client
        self.ledger = ledger
    }

    /// Every tool, in no order.
    package var tools: [any Tool] { own + remote.withLock { $0 } }

    package var definitions: [ToolDefinition] { tools.map(\.definition) }

    /// Asks the MCP servers for their tools, and reads the documents. A server that does not answer is logged and left
    /// out.
    ///
    /// - Throws: when a sandbox cannot be made, and when the documents cannot be read or stored.
    package func connect() async throws {
        try await findTools()
        let report = try await documents.update()
        documentReport.withLock { $0 = report }
        logger.log(
            level: report.leftOut.isEmpty ? .debug : .warning, "documents read", metadata: ["report": "\(report)"])
    }

    private func findTools() async throws {
        for program in programs { try await program.probe() }
        var found: [any Tool] = []
        for session in sessions {
            do {
                found += try await session.tools().map { MCPTool($0, session: session, ledger: ledger) }
            } catch {
                logger.warning("MCP server left out", metadata: ["reason": "\(error)"])
            }
        }
        remote.withLock { $0 = found }
    }

    /// What there is, as a configuration says. The tools stand on a database that goes with the question: to open the
    /// service's own would take its schema up.
    static func definitions(_ configuration: ParleyConfiguration) async throws -> [ToolDefinition] {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "parley-tools-\(UUID().uuidString)")
        let store = try Store(path: scratch.appending(path: "tools.sqlite").path)
        defer {
            try? store.close()
            try? FileManager.default.removeItem(at: scratch)
        }
        let calendar = AppointmentCalendar(store: store, zone: configuration.calendar.timeZone)
        let catalogue = try ToolCatalogue(
            configuration, store: store, calendar: calendar, room: ThermostatRoom(),
            logger: Logger(label: "parley.check"))
        try await catalogue.findTools()
        let definitions = catalogue.definitions
        await catalogue.close()
        return definitions
    }

    /// What is set up, and what each of the others lacks, for `parley check`.
    package var report: String {
        let ready = library.lacking.filter(\.missing.isEmpty).map(\.name)
        let others = library.lacking.filter { !$0.missing.isEmpty }
            .map { "\($0.name) is not set up: the environment lacks \($0.missing.joined(separator: ", "))" }
        return
            (["\(tools.count) tools" + (ready.isEmpty ? "" : ", set up: \(ready.joined(separator: ", "))")] + others)
            .joined(separator: "; ")
    }

    /// What became of the documents when they were read last, for `parley check`.
    ///
    /// - Throws: when one was left out.
    func documentsReport() throws -> String {
        guard let report = documentReport.withLock(\.self) else { return "not read" }
        if !report.leftOut.isEmpty { throw DocumentsLeftOut(description: "\(report)") }
        return "\(report)"
    }

    private struct DocumentsLeftOut: Error, CustomStringConvertible {
        let description: String
    }

    /// Ends every connection.
    package func close() async {
        for session in sessions { await session.close() }
        await client.shutdown()
        await vendors.shutdown()
    }
}

extension ParleyConfiguration {
    /// What puts passages into the order of their meaning, where `tools.embeddings` names it.
    fileprivate func passageRanker(
        _ client: HTTPClient, _ metrics: any MetricsFactory, logger: Logger
    ) -> PassageRanker? {
        guard let provider = providers[tools.embeddings], provider.kind == .openAIEmbeddings else { return nil }
        return PassageRanker(
            EmbeddingClient(
                baseURL: provider.baseURL, model: provider.model ?? "", apiKey: provider.apiKey?.value ?? "",
                client: client), logger: logger, factory: metrics)
    }
}
