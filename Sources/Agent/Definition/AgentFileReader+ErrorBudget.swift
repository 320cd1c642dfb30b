import Yams

extension AgentFileReader {
    /// `error_budget`: how much may go wrong before a published version is taken off.
    mutating func errorBudget(_ node: Node?) -> ErrorBudgetPolicy {
        var policy = ErrorBudgetPolicy()
        let fields = fields(
            node, of: "`error_budget`", keys: ["allowed", "window_hours", "min_calls", "on_burn", "counts"])
        if let allowed = number(fields["allowed"], "`allowed` of `error_budget`", in: 0...1) {
            policy.allowed = allowed
        }
        if let hours = number(fields["window_hours"], "`window_hours` of `error_budget`", in: 0.01...720) {
            policy.window = .milliseconds(Int64(hours * 3_600_000))
        }
        if let least = integer(fields["min_calls"], "`min_calls` of `error_budget`", in: 1...ErrorBudget.mostCalls) {
            policy.minimumCalls = least
        }
        if let action = choice(fields["on_burn"], "`on_burn` of `error_budget`", as: ErrorBudgetPolicy.Action.self) {
            policy.action = action
        }
        guard let counts = fields["counts"] else { return policy }
        policy.counts = [:]
        for (_, name, value) in members(
            counts, of: "`counts` of `error_budget`", keys: Set(CallFault.allCases.map(\.rawValue)))
        {
            guard let fault = CallFault(rawValue: name) else { continue }
            policy.counts[fault] = integer(value, "`\(name)` of `counts`", in: 1...1000) ?? 1
        }
        if counts.mapping?.isEmpty ?? false {
            fault(counts, "`counts` of `error_budget` is empty, and then nothing counts; leave `counts` out for all")
        }
        return policy
    }
}
