import Store

/// What becomes of new calls while agents are stopped.
struct StopRules: Sendable, Equatable {
    enum Fate: Sendable, Equatable {
        case taken
        case refused
        /// Straight to the agent's escalation.
        case sentOn
    }

    var stops: [AgentStop] = []

    /// Of a call to the agent of that name. Where one stop sends calls on and another refuses them, they are refused.
    ///
    /// - Parameters:
    ///   - isPlaced: we called them; nobody is called to be put through.
    ///   - hasBegun: it goes on with a call of before, so it is new only where those are ended.
    func fate(of agent: String, isPlaced: Bool = false, hasBegun: Bool = false) -> Fate {
        let stops = stops.filter { $0.covers(agent) && ($0.endsCalls || !hasBegun) }
        guard !stops.isEmpty else { return .taken }
        return isPlaced || stops.contains { !$0.escalates } ? .refused : .sentOn
    }

    /// Those whose calls are to be ended now: what was stopped since `before`, and whatever takes no calls and has some all
    /// the same, for they began at that moment.
    func ending(since before: StopRules) -> [AgentStop] {
        stops.filter { $0.endsCalls && (!before.stops.contains($0) || !$0.escalates) }
    }
}
