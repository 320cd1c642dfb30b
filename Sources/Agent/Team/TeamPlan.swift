/// What a team does before and after a call, as the file of the agent that holds the call says.
///
/// Steps of one stage are done side by side, stages one after the other.
package struct TeamPlan: Sendable, Equatable, Codable {
    /// The name of the call among the steps.
    package static let call = "call"
    /// Values of a task that no step reports and nobody gives: they come with the call.
    package static let fromCall: Set<String> = ["number", "outcome", "transcript"]

    package var before: [[TeamStep]]
    package var after: [[TeamStep]]

    package init(before: [[TeamStep]] = [], after: [[TeamStep]] = []) {
        self.before = before
        self.after = after
    }

    package var isEmpty: Bool { before.isEmpty && after.isEmpty }

    package var steps: [TeamStep] { (before + after).flatMap(\.self) }

    package func step(_ name: String) -> TeamStep? { steps.first { $0.name == name } }

    /// The values that whoever begins a run must give, sorted.
    ///
    /// - Parameter holdsCall: whether there will be a call, and with it the steps after it.
    package func variables(holdsCall: Bool) -> [String] {
        let steps = (before + (holdsCall ? after : [])).flatMap(\.self)
        return Set(steps.flatMap(\.needs)).subtracting(steps.map(\.name)).subtracting(holdsCall ? Self.fromCall : [])
            .sorted()
    }

    /// The values besides ``fromCall`` and their own reports that the steps after a call need, sorted.
    package var variablesAfter: [String] {
        let steps = after.flatMap(\.self)
        return Set(steps.flatMap(\.needs)).subtracting(steps.map(\.name)).subtracting(Self.fromCall).sorted()
    }

    /// Whether the steps after a call can be done after calls that no run has placed, before which nothing was reported.
    package var followsCalls: Bool {
        !after.isEmpty && Set(variablesAfter).isDisjoint(with: before.flatMap(\.self).map(\.name))
    }
}
