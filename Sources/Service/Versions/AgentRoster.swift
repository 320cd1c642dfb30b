import Agent
import Campaigns
import Networking

/// Who takes new calls: of each agent the version that is live, and perhaps one on trial beside it.
///
/// Read for every call, on its loop; changed by ``VersionKeeper`` while calls go on. A call keeps what it was given.
final class AgentRoster: Sendable {
    /// What takes the new calls of one agent.
    struct Lane: Sendable {
        var live: PreparedAgent
        var trial: PreparedAgent?
        /// Of a hundred calls, how many go to the trial.
        var split = TrafficSplit(percent: 0)
        /// Calls that nobody placed go straight to the agent's escalation.
        var escalates = false
        /// The act on the agent's versions that made it so; 0 for an agent that takes its calls from its file.
        var act = 0
    }

    private struct State {
        /// Every agent there is, also one that cannot take calls.
        var definitions: [String: AgentDefinition]
        var lanes: [String: Lane] = [:]
    }

    private let state: Lock<State>

    /// - Parameter files: the agents as their files have them.
    init(_ files: AgentLibrary) { state = Lock(State(definitions: files.agents)) }

    /// Every agent as it answers now, also those that only hand over to others: by name.
    var definitions: [String: AgentDefinition] { state.withLock { $0.definitions } }

    /// Those that can take calls, by name.
    var lanes: [String: Lane] { state.withLock { $0.lanes } }

    func lane(_ agent: String) -> Lane? { state.withLock { $0.lanes[agent] } }

    /// Who takes a call.
    ///
    /// - Parameter seller: in whose name the call was placed; nil for one that was not. The gate that let it be placed has
    ///   looked at the live version, so a trial takes it only with a greeting that discloses as much.
    func agent(_ name: String, forCall callID: String, placedFor seller: String? = nil) -> PreparedAgent? {
        guard let lane = lane(name) else { return nil }
        var agent = lane.live
        if let trial = lane.trial, lane.split.takes(callID: callID),
            seller.map({ Disclosure(greeting: trial.definition.greeting, seller: $0).missing.isEmpty }) ?? true
        {
            agent = trial
        } else {
            agent.escalates = lane.escalates
        }
        return agent
    }

    /// Gives an agent's new calls to others, unless something newer was decided meanwhile.
    func put(_ lane: Lane, for agent: String) {
        state.withLock { state in
            guard lane.act >= state.lanes[agent]?.act ?? 0 else { return }
            state.lanes[agent] = lane
            state.definitions[agent] = lane.live.definition
        }
    }
}
