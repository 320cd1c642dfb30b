import Agent
import Foundation
import Networking
import Store

/// What operators watch of agents' versions, as metrics.
final class VersionTally: Sendable {
    private struct Shown {
        var agent: String
        var version: Int
        var share: Double
        var spent: Double
    }

    private struct State {
        var shown: [Shown] = []
        var faults: [String: [CallFault: Int]] = [:]
        var burnt: [String: Int] = [:]
        var refused: [String: Int] = [:]
        var dropped = 0
    }

    private let state = Lock(State())

    func count(_ faults: [CallFault: Int], of agent: String) {
        state.withLock { $0.faults[agent, default: [:]].merge(faults, uniquingKeysWith: +) }
    }

    func burnt(_ agent: String) { state.withLock { $0.burnt[agent, default: 0] += 1 } }
    func refused(_ agent: String) { state.withLock { $0.refused[agent, default: 0] += 1 } }
    func dropped() { state.withLock { $0.dropped += 1 } }

    /// Shows which versions take calls, and how they stand.
    func show(_ roster: AgentRoster, _ watched: [WatchedVersion], now: Date) {
        let shown = watched.compactMap { version -> Shown? in
            var version = version
            guard let lane = roster.lane(version.record.agent) else { return nil }
            let trial = Double(lane.split.percent) / 100
            let share = version.record.number == lane.trial?.number ? trial : 1 - trial
            return Shown(
                agent: version.record.agent, version: version.record.number, share: share,
                spent: version.standing(now: now).spent)
        }
        state.withLock { state in
            state.shown = shown
            // From zeros on: what appears with one is no increase to whoever watches.
            for version in shown {
                state.burnt[version.agent, default: 0] += 0
                state.refused[version.agent, default: 0] += 0
            }
        }
    }

    var samples: [PrometheusSample] {
        let state = state.withLock { $0 }
        func counters(_ name: String, _ counts: [String: Int]) -> [PrometheusSample] {
            counts.sorted { $0.key < $1.key }.map { .counter(name, $0.value, dimensions: [("agent", $0.key)]) }
        }
        let faults = state.faults.sorted { $0.key < $1.key }.flatMap { agent, counts in
            counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { fault, count in
                PrometheusSample.counter(
                    "parley_call_faults_total", count, dimensions: [("agent", agent), ("fault", fault.rawValue)])
            }
        }
        return state.shown.flatMap { shown in
            let dimensions = [("agent", shown.agent), ("version", "\(shown.version)")]
            return [
                PrometheusSample.gauge("parley_agent_version_share", shown.share, dimensions: dimensions),
                .gauge("parley_error_budget_spent", shown.spent, dimensions: dimensions),
            ]
        } + faults + counters("parley_agent_versions_burnt_total", state.burnt)
            + counters("parley_agent_versions_refused_total", state.refused)
            + [.counter("parley_call_outcomes_dropped_total", state.dropped)]
    }
}
