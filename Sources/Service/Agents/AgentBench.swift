package import Agent
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
    private let room: ThermostatRoom
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// Opens the store and reads the agents.
    ///
    /// - Parameters:
    ///   - agents: read before; nil reads them.
    ///   - now: wall time of calendar and conversation.
    package init(
        configuration: ParleyConfiguration, agents: AgentLibrary? = nil, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.now = now
        self.agents =
            try agents ?? AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory))
        store = try Store(path: configuration.store.path)
        vendors = Vendors(configuration, logger: logger)
        calendar = AppointmentCalendar(store: store, zone: configuration.calendar.timeZone, now: now)
        room = ThermostatRoom()
    }

    /// Makes the calendar's hours as configured. Before the first conversation.
    package func setUp() async throws {
        try await calendar.setUp(CalendarSetup(configuration.calendar))
    }

    package func agent(_ name: String) throws -> AgentDefinition {
        if let agent = agents.agents[name] { return agent }
        let known = agents.agents.keys.sorted().joined(separator: ", ")
        throw AgentError(
            .invalidAgent, operation: "find the agent", subject: name,
            detail: "there is none of that name in \(configuration.agents.directory); there are: \(known)")
    }

    /// Every tool there is.
    package var tools: [any Tool] { ParleyService.tools(calendar, room) }

    /// A mind for one conversation.
    ///
    /// - Parameters:
    ///   - replacing: tools that stand in for those of the same name.
    ///   - model: answers in place of every configured model.
    package func dialogue(
        of agent: AgentDefinition, call: CallFacts, replacing: [any Tool] = [],
        model: (any LanguageModel)? = nil
    ) throws -> any Dialogue {
        if model == nil, let objection = configuration.objection(to: agent) {
            throw AgentError(.unknownProvider, operation: "run the agent", subject: agent.name, detail: objection)
        }
        var models = vendors.models
        if let model, case .model(let settings) = agent.engine {
            for name in settings.providers { models[name] = model }
        }
        let replaced = Set(replacing.map(\.definition.name))
        return agent.makeDialogue(
            call: call, tools: replacing + tools.filter { !replaced.contains($0.definition.name) },
            environment: DialogueEnvironment(
                now: now, timeZone: configuration.calendar.timeZone, models: models, logger: logger))
    }

    /// Ends connections and closes the store.
    package func close() async {
        await vendors.close()
        try? store.close()
    }
}
