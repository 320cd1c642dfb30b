/// What the checks of ``Readiness`` said at one moment.
package struct ReadinessReport: Sendable, Equatable {
    package var states: [String: Readiness.State]

    /// The service is stopping.
    package var isDraining: Bool

    package init(_ states: [String: Readiness.State], isDraining: Bool = false) {
        self.states = states
        self.isDraining = isDraining
    }

    package var isReady: Bool { !isDraining && states.values.allSatisfy { $0 == .ready } }
}

extension ReadinessReport: Encodable {
    private enum Key: String, CodingKey { case status, checks }

    private struct Check: Encodable {
        let status: String
        let reason: String?

        init(_ state: Readiness.State) {
            switch state {
            case .ready: (status, reason) = ("ready", nil)
            case .notReady(let why): (status, reason) = ("not ready", why)
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(isDraining ? "draining" : isReady ? "ready" : "not ready", forKey: .status)
        try container.encode(states.mapValues(Check.init), forKey: .checks)
    }
}
