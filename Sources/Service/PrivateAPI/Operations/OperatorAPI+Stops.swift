import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store

/// Stopping one agent or all of them, and letting them go on.
extension OperatorAPI {
    /// Characters of a reason.
    static let longestStopReason = 200
    /// Stands for all agents in the audit log. No agent is called so: names have no stars.
    static let allAgents = "*"

    var stopRoutes: [APIRoute] {
        [
            APIRoute(.get, "/stops") { _, _ in .json(StopListView(stops: try await store.agentStops(), ended: nil)) },
            APIRoute(.post, "/stops", scope: .operator, stopAgents),
            APIRoute(.post, "/stops/resume", scope: .operator, resumeAgents),
        ]
    }

    private struct StopWish: Decodable {
        enum Calls: String, Decodable {
            case end
            case leave
        }

        enum NewCalls: String, Decodable {
            case refuse
            case escalate
        }

        /// Absent for all.
        let agent: String?
        let calls: Calls?
        let newCalls: NewCalls?
        let reason: String?
    }

    private struct ResumeWish: Decodable {
        let agent: String?
    }

    private func stopAgents(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(StopWish.self)
        let reason = wish.reason ?? ""
        // PostgreSQL stores no zero.
        guard reason.count <= Self.longestStopReason, !reason.contains("\0") else {
            throw Problem.unprocessable("\"reason\" has \(Self.longestStopReason) characters at most, and no zero.")
        }
        if let agent = wish.agent, known[agent] == nil {
            throw Problem.notFound("There is no agent \"\(agent)\"; GET /api/v1/agents lists those there are.")
        }
        context.act.tell("agent", wish.agent ?? Self.allAgents)
        context.act.tell("calls", (wish.calls ?? .end).rawValue)
        context.act.tell("newCalls", (wish.newCalls ?? .refuse).rawValue)
        try await store.stop(
            AgentStop(
                agent: wish.agent, endsCalls: wish.calls != .leave, escalates: wish.newCalls == .escalate,
                stoppedAt: now(), stoppedBy: context.identity?.name ?? "", reason: wish.reason))
        logger.notice(
            "an operator acts",
            metadata: [
                "act": "stop", "agent": "\(wish.agent ?? "all")", "key": "\(context.identity?.keyID ?? "none")",
            ])
        let ended = try await stops.follow()
        context.act.tell("ended", ids: ended)
        return .json(StopListView(stops: try await store.agentStops(), ended: ended))
    }

    private func resumeAgents(_ request: Request, _ context: APIContext) async throws -> Response {
        let agent = try await request.object(ResumeWish.self).agent
        // In the store the empty name is all of them, and no name has a zero, which PostgreSQL would not look for.
        guard agent != "", agent?.contains("\0") != true else {
            throw Problem.notFound("There is no agent of that name; leave it out for all.")
        }
        context.act.tell("agent", agent ?? Self.allAgents)
        do throws(StoreError) { try await store.resume(agent: agent) } catch {
            guard error.code == .notFound else { throw error }
            let whose = agent.map { "The agent \"\($0)\" is" } ?? "All agents together are"
            throw Problem.notFound("\(whose) not stopped; GET /api/v1/stops lists what is.")
        }
        logger.notice(
            "an operator acts",
            metadata: ["act": "resume", "agent": "\(agent ?? "all")", "key": "\(context.identity?.keyID ?? "none")"])
        try await stops.follow()
        return .json(StopListView(stops: try await store.agentStops(), ended: nil))
    }
}

private struct StopListView: Encodable {
    let stops: [AgentStop]
    /// The calls of this process that were ended for it.
    let ended: [String]?
}
