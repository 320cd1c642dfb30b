package import Agent
import Campaigns
import Foundation
package import Logging
import Networking
package import Store

/// Every tool of a service: its own, and those of the connectors and MCP servers in `tools.directory`.
package final class ToolCatalogue: Sendable {
    private let own: [any Tool]
    private let remote = Lock<[any Tool]>([])
    private let library: ConnectorLibrary
    private let sessions: [MCPSession]
    private let client: HTTPClient
    private let ledger: StoredActLedger
    private let documents: DocumentLibrary
    private let logger: Logger

    /// Reads the connectors. Nothing is connected to before ``connect()``.
    ///
    /// - Parameters:
    ///   - environment: where connectors' files look `${NAME}` up.
    /// - Throws: every fault of every connector's file.
    package init(
        _ configuration: ParleyConfiguration, store: Store, calendar: AppointmentCalendar, room: ThermostatRoom,
        environment: [String: String] = ProcessInfo.processInfo.environment, logger: Logger
    ) throws {
        self.logger = logger
        library = try ConnectorLibrary.load(
            directory: URL(fileURLWithPath: configuration.tools.directory), environment: environment)
        // No proxy: it would look names up itself, and with that decide where tools connect to.
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(
                proxy: .none, addresses: .publicOnly(except: configuration.tools.allowedAddresses)), logger: logger)
        let mask = configuration.privacy.mask
        let ledger = StoredActLedger(store: store, mask: mask)
        var own: [any Tool] = CalendarTools.all(calendar, mask: mask)
        own += room.tools
        own += ContactTools.all(store, mask: mask)
        own.append(KnowledgeTool(store: store))
        own.append(TeamHandOver())
        let directory = configuration.campaigns.directory
        own.append(CallbackTool(store: store, rules: { try CallingRules(directory: directory) }))
        for connector in library.connectors { own += HTTPTool.all(connector, client: client, ledger: ledger) }
        self.own = own
        sessions = library.servers.filter(\.missing.isEmpty).map { MCPSession($0, client: client) }
        documents = DocumentLibrary(directory: configuration.tools.documents, store: store)
        self.client = client
        self.ledger = ledger
    }

    /// Every tool, in no order.
    package var tools: [any Tool] { own + remote.withLock { $0 } }

    package var definitions: [ToolDefinition] { tools.map(\.definition) }

    /// Asks the MCP servers for their tools, and reads the documents. A server that does not answer is logged and left
    /// out.
    ///
    /// - Throws: when the documents cannot be read or stored.
    package func connect() async throws {
        var found: [any Tool] = []
        for session in sessions {
            do {
                found += try await session.tools().map { MCPTool($0, session: session, ledger: ledger) }
            } catch {
                logger.warning("MCP server left out", metadata: ["reason": "\(error)"])
            }
        }
        remote.withLock { $0 = found }
        let report = try await documents.update()
        logger.debug("documents read", metadata: ["report": "\(report)"])
    }

    /// What there is, as a configuration says. Opens the store for as long as it takes.
    static func definitions(_ configuration: ParleyConfiguration) async throws -> [ToolDefinition] {
        let store = try Store(path: configuration.store.path)
        defer { try? store.close() }
        let calendar = AppointmentCalendar(store: store, zone: configuration.calendar.timeZone)
        let catalogue = try ToolCatalogue(
            configuration, store: store, calendar: calendar, room: ThermostatRoom(),
            logger: Logger(label: "parley.check"))
        try await catalogue.connect()
        let definitions = catalogue.definitions
        await catalogue.close()
        return definitions
    }

    /// What is set up, and what each of the others lacks, for `parley check`.
    package var report: String {
        let ready =
            library.connectors.filter(\.missing.isEmpty).map(\.name)
            + library.servers.filter(\.missing.isEmpty).map(\.name)
        let lacking =
            library.connectors.map { ($0.name, $0.missing) } + library.servers.map { ($0.name, $0.missing) }
        let others = lacking.filter { !$0.1.isEmpty }
            .map { "\($0.0) is not set up: the environment lacks \($0.1.joined(separator: ", "))" }
        return
            (["\(tools.count) tools" + (ready.isEmpty ? "" : ", set up: \(ready.joined(separator: ", "))")] + others)
            .joined(separator: "; ")
    }

    /// Ends every connection.
    package func close() async {
        for session in sessions { await session.close() }
        await client.shutdown()
    }
}
