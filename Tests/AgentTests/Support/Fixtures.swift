import Agent
import Foundation

/// The agents in `config/agents`, read once.
enum Fixtures {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("config/agents")

    static let library = Result { try AgentLibrary.load(directory: directory) }

    static func agent(_ name: String) throws -> AgentDefinition {
        guard let agent = try library.get().agents[name] else {
            throw AgentError(.invalidAgent, operation: "find the agent", subject: name, detail: "not in config/agents")
        }
        return agent
    }

    static func flow(_ name: String) throws -> Flow {
        guard case .flow(let flow) = try agent(name).engine else {
            throw AgentError(.invalidAgent, operation: "find the flow", subject: name, detail: "is of another kind")
        }
        return flow
    }

    /// Monday, 23 November 2026.
    static let today = CivilDate(year: 2026, month: 11, day: 23) ?? CivilDate(dayNumber: 0)
    static let now = Date(timeIntervalSince1970: Double(today.dayNumber) * 86_400 + 9 * 3600)
}
