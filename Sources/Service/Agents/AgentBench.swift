package import Agent
import Campaigns
package import Foundation
package import Logging
import Networking
package import Store

/// Agents with their tools and models but without a telephone: for the terminal, and for scripted conversations.
package final class AgentBench: Sendable {
    package let configuration: ParleyConfiguration
    package let agents: AgentLibrary
    package let store: Store
    private let vendors: Vendors
    private let calendar: AppointmentCalendar
    private let catalogue: ToolCatalogue
    /// What the agents were kept from.
    package let counters = AgentCounters()
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// Opens the store and reads the agents.
    ///
    /// - Parameters:
    ///   - agents: read before; nil reads them.
    ///   - environment: where connectors' files look `${NAME}` up.
    ///   - emulators: where vendors are emulated; then no tool reaches anything else.
    ///   - now: wall time of calendar and conversation.
    package init(
        configuration: ParleyConfiguration, agents: AgentLibrary? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment, emulators: String? = nil,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.now = now
        self.agents =
            try agents
            ?? AgentLibrary.load(
                directory: URL(fileURLWithPath: configuration.agents.directory),
                meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
        store = try Store(configuration.store)
        vendors = Vendors(configuration, logger: logger)
        calendar = AppointmentCalendar(store: store, zone: configuration.calendar.timeZone, now: now)
        catalogue = try ToolCatalogue(
            configuration, store: store, calendar: calendar, room: ThermostatRoom(), environment: environment,
            emulators: emulators, agents: { [agents = self.agents] in agents.agents }, now: now, logger: logger)
    }

    /// Makes the calendar's hours as configured, and connects tools. Before the first conversation.
    package func setUp() async throws {
        try await calendar.setUp(CalendarSetup(configuration.calendar))
        try await catalogue.connect()
    }

    package func agent(_ name: String) throws -> AgentDefinition {
        if let agent = agents.agents[name] { return agent }
        let known = agents.agents.keys.sorted().joined(separator: ", ")
        throw AgentError(
            .invalidAgent, operation: "find the agent", subject: name,
            detail: "there is none of that name in \(configuration.agents.directory); there are: \(known)")
    }

    /// Every tool there is.
    package var tools: [any Tool] { catalogue.tools }

    /// A mind for one conversation.
    ///
    /// - Parameters:
    ///   - replacing: tools that stand in for those of the same name.
    ///   - model: answers in place of every configured model, for every agent.
    ///   - hasCaller: false for a task that is worked through with nobody on the line.
    ///   - mayBeginAnew: see ``DialogueEnvironment/mayBeginAnew``.
    package func dialogue(
        of agent: AgentDefinition, call: CallFacts, replacing: [any Tool] = [],
        model: (any LanguageModel)? = nil, hasCaller: Bool = true, mayBeginAnew: Bool = false
    ) throws -> any Dialogue {
        if model == nil, let objection = configuration.objection(to: agent) {
            throw AgentError(.unknownProvider, operation: "run the agent", subject: agent.name, detail: objection)
        }
        var models = vendors.models
        if let model {
            for case .model(let settings) in agents.agents.values.map(\.engine) {
                for name in settings.providers { models[name] = model }
            }
        }
        let replaced = Set(replacing.map(\.definition.name))
        var environment = DialogueEnvironment(
            now: now, timeZone: configuration.calendar.timeZone, models: models,
            reviews: StoredReviewDesk(store: store, now: now), counters: counters, hasCaller: hasCaller,
            agents: agents.agents, logger: logger)
        environment.mayBeginAnew = mayBeginAnew
        return agent.makeDialogue(
            call: call, tools: replacing + tools.filter { !replaced.contains($0.definition.name) },
            environment: environment)
    }

    /// For the steps of teams, whose agents work without a caller.
    ///
    /// - Parameter model: answers in place of every configured model.
    package func workshop(model: (any LanguageModel)? = nil) -> TeamRunner.Workshop {
        let rules = try? CallingRules(directory: configuration.campaigns.directory)
        return TeamRunner.Workshop(
            agents: { [agents] in agents.agents },
            dialogue: { [self] in try dialogue(of: $0, call: $1, model: model, hasCaller: false, mayBeginAnew: true) },
            office: rules.map { CampaignOffice(store: store, rules: $0, agents: agents.agents, now: now) })
    }

    /// Ends connections and closes the store.
    package func close() async {
        await vendors.close()
        await catalogue.close()
        try? store.close()
    }
}
