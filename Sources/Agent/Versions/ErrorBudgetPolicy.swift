/// How much may go wrong with an agent's version before it is taken off: `error_budget` of the agent's file.
package struct ErrorBudgetPolicy: Sendable, Equatable {
    /// What is done once the budget is spent.
    package enum Action: String, Sendable, Codable, CaseIterable {
        /// Somebody is told; the version goes on.
        case alert
        /// New calls go to the version before it, if there is one that has not burnt; without one, as `alert`.
        case rollBack = "roll_back"
        /// New calls go straight to the agent's `escalation`.
        case escalate
    }

    /// The share of calls that may go wrong, 0...1.
    package var allowed = 0.25
    /// How long a call counts, from its end.
    package var window = Duration.seconds(86_400)
    /// Fewer calls than this in the window prove nothing, 1...10,000.
    package var minimumCalls = 20
    /// How often something must happen on a call for it to be one that went wrong, 1...1000. What is not here does not
    /// count.
    package var counts: [CallFault: Int] = Self.defaultCounts
    package var action = Action.alert

    /// One of anything; a caller may be asked again twice.
    package static let defaultCounts: [CallFault: Int] = Dictionary(
        uniqueKeysWithValues: CallFault.allCases.map { ($0, $0 == .reasks ? 3 : 1) })

    package init() {}

    /// Whether a call on which this happened went wrong.
    package func isBad(_ faults: [CallFault: Int]) -> Bool {
        counts.contains { fault, least in faults[fault, default: 0] >= least }
    }
}
