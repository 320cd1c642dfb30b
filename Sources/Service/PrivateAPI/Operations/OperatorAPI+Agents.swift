import Agent
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// The agents, their sources, and whether a source is good.
extension OperatorAPI {
    /// Unicode scalars of an agent's source.
    static let largestSource = 200_000

    var agentRoutes: [APIRoute] {
        [
            APIRoute(.get, "/agents") { _, _ in
                .json(AgentListView(agents: known.values.sorted { $0.name < $1.name }.map(view)))
            },
            APIRoute(.get, "/agents/{name}") { _, context in
                let name = try context.parameters.require("name")
                guard let agent = known[name] else {
                    throw Problem.notFound("There is no agent \"\(name)\"; GET /api/v1/agents lists those there are.")
                }
                return .json(
                    AgentSourceView(
                        agent: view(agent), source: try await source(of: agent), graph: agent.flow?.graph))
            },
            APIRoute(.post, "/agents/validate") { request, _ in
                let draft = try await request.object(AgentDraft.self, upTo: 1_048_576)
                try Self.check(source: draft.source)
                return .json(await validator.verdict(on: draft.source))
            },
        ]
    }

    private struct AgentDraft: Decodable {
        let source: String
    }

    static func check(source: String) throws {
        guard source.unicodeScalars.count <= largestSource else {
            throw Problem.invalid("\"source\" has more than \(largestSource) characters.")
        }
    }

    private func view(_ agent: AgentDefinition) -> AgentView {
        AgentView(
            agent, isDefault: agent.name == configuration.agents.default,
            numbers: Set(configuration.agents.numbers.keys)
                .union(configuration.inbound.rules.values.flatMap(\.numbers))
                .filter { inbound.agent(at: $0) == agent.name }.sorted(),
            published: keeper?.roster.lane(agent.name)?.live.number, objection: lines.objection(to: agent.name))
    }

    /// What it answers from.
    private func source(of agent: AgentDefinition) async throws -> String {
        if let number = keeper?.roster.lane(agent.name)?.live.number {
            return String(
                decoding: try await store.content(ofVersion: number, of: agent.name).source, as: UTF8.self)
        }
        let file = URL(fileURLWithPath: configuration.agents.directory).appendingPathComponent(agent.file)
        do { return String(decoding: try Data(contentsOf: file), as: UTF8.self) } catch {
            throw Problem.notFound(
                "The file \(agent.file) of this agent is gone; it answers from what was read at the start.")
        }
    }
}

extension AgentDefinition {
    /// The flow of an agent that has one.
    fileprivate var flow: Flow? {
        if case .flow(let flow) = engine { flow } else { nil }
    }
}
