import Networking

/// Whether the service can take calls: named checks, each of which says yes or why not.
///
/// Set from anywhere, read by `/readyz`. Ready means that every check says yes.
package final class Readiness: Sendable {
    /// What one check says.
    package enum State: Sendable, Equatable {
        case ready
        /// For operators: what is missing, in a few words.
        case notReady(String)
    }

    package typealias Probe = @Sendable () async -> State

    private struct Checks {
        var states: [String: State]
        var probes: [String: Probe] = [:]
        var isDraining = false
    }

    private let checks: Lock<Checks>

    /// - Parameter names: the checks that must say yes; until they have said anything they say no.
    package init(expecting names: [String] = ["models", "listener", "store"]) {
        checks = Lock(
            Checks(states: Dictionary(uniqueKeysWithValues: names.map { ($0, .notReady("not checked yet")) })))
    }

    /// Says what is known about `name`.
    package func set(_ name: String, _ state: State) {
        checks.withLock { $0.states[name] = state }
    }

    /// Asks `probe` about `name` whenever the report is wanted.
    package func probe(_ name: String, _ probe: @escaping Probe) {
        checks.withLock { $0.probes[name] = probe }
    }

    /// No more calls should come, whatever the checks say; those on the line go on. One-way.
    package func beginDraining() {
        checks.withLock { $0.isDraining = true }
    }

    /// What all checks say at this moment.
    package func report() async -> ReadinessReport {
        let now = checks.withLock { $0 }
        var report = ReadinessReport(now.states, isDraining: now.isDraining)
        for (name, probe) in now.probes { report.states[name] = await probe() }
        return report
    }
}
