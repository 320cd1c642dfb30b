import Networking

/// What one call knows of whom it is with, for each agent that asks: agents who take the line again, or a second time, have
/// the tries that were left.
final class CallerVerifications: Sendable {
    /// For one agent.
    final class State: Sendable {
        let value: Lock<CallerVerification>

        init(tries: Int) { value = Lock(CallerVerification(tries: tries)) }
    }

    private let states = Lock<[String: State]>([:])

    /// - Parameter tries: those of an agent that has not asked yet.
    func state(of agent: String, tries: Int) -> State {
        states.withLock { states in
            if let known = states[agent] { return known }
            let state = State(tries: tries)
            states[agent] = state
            return state
        }
    }
}
