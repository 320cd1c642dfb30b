package import Agent
package import Foundation
package import Store

/// Begins and ends runs of teams.
package struct TeamOffice: Sendable {
    package let store: Store
    private let now: @Sendable () -> Date

    package init(store: Store, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.now = now
    }

    /// Begins the work around a call: the steps before it, the call, and those after it.
    ///
    /// - Parameters:
    ///   - dial: how the call is placed; nil does the steps before it and no more.
    ///   - key: the same one begins one run.
    /// - Throws: ``AgentError`` where the agent has no such steps, or a task needs a value that is not given.
    package func begin(
        _ agent: AgentDefinition, variables: [String: String], dial: TeamDial?, key: String? = nil
    ) async throws -> TeamRunRecord {
        func refusal(_ detail: String) -> AgentError {
            AgentError(.invalidAgent, operation: "begin a team's run", subject: agent.name, detail: detail)
        }
        guard !agent.team.isEmpty else { throw refusal("its file has no `team`; add `before` or `after` there") }
        guard dial != nil || !agent.team.before.isEmpty else {
            throw refusal("its team has steps after a call only; say whom to call")
        }
        let missing = agent.team.variables(holdsCall: dial != nil).filter { variables[$0] == nil }
        guard missing.isEmpty else {
            throw refusal("the tasks of its team need \(missing.joined(separator: ", ")), which nobody gave")
        }
        let progress = TeamProgress(
            agent.team, hasBefore: true, holdsCall: dial != nil, hasAfter: dial != nil)
        var variables = variables
        if let dial { variables["number"] = dial.number }
        let id = CallID.new()
        return try await store.begin(
            TeamRunDraft(
                id: id, idempotencyKey: key ?? id, agent: agent.name, agentVersion: agent.version,
                plan: try Self.text(agent.team), variables: variables, dial: try dial.map(Self.text),
                stages: progress.stages), now: now())
    }

    /// Begins the steps after a call that has ended, once.
    func follow(call id: String, of agent: AgentDefinition) async throws {
        let story = try await store.story(ofCall: id)
        var variables: [String: String] = [:]
        if let attempt = try await store.attempt(ofCall: id) {
            variables = try await store.contact(id: attempt.contactID)?.variables ?? [:]
        }
        variables["number"] = story.call.direction == .inbound ? story.call.from : story.call.to
        let progress = TeamProgress(agent.team, hasBefore: false, holdsCall: false, hasAfter: true)
        _ = try await store.begin(
            TeamRunDraft(
                id: CallID.new(), idempotencyKey: "call/\(id)", agent: agent.name, agentVersion: agent.version,
                plan: try Self.text(agent.team), variables: variables, callID: id, stages: progress.stages), now: now())
    }

    /// Ends a run: nothing of it is begun any more, nobody is called for it, and nobody is asked to look. What is under way
    /// comes to its end.
    ///
    /// - Returns: false when it was over already.
    package func cancel(_ id: String, by person: String) async throws -> Bool {
        _ = try await store.teamRun(id: id)
        return try await store.finish(
            run: id, .cancelled, because: "cancelled by \(person)", withdrawing: TeamCall.campaign(ofRun: id),
            now: now())
    }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension TeamRunRecord {
    /// What is done, as it was when the run began.
    func team() throws -> TeamPlan { try JSONDecoder().decode(TeamPlan.self, from: Data(plan.utf8)) }

    func progress(of plan: TeamPlan) -> TeamProgress {
        let names = Set(steps.map(\.name))
        return TeamProgress(
            plan, hasBefore: plan.before.contains { $0.contains { names.contains($0.name) } },
            holdsCall: names.contains(TeamPlan.call),
            hasAfter: plan.after.contains { $0.contains { names.contains($0.name) } })
    }
}
