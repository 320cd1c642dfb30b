/// Which calls a criterion is for. What is empty does not matter.
package struct ScorecardCondition: Sendable, Equatable {
    /// What the call was for, as its record says, or `none`.
    package var outcomes: Set<String>
    /// A tool that was called, with success or without.
    package var tool: String?
    /// What one turn of the caller meant.
    package var intents: Set<String>

    package init(outcomes: Set<String> = [], tool: String? = nil, intents: Set<String> = []) {
        self.outcomes = outcomes
        self.tool = tool
        self.intents = intents
    }

    /// Why the call is none of these; nil when it is.
    func objection(to call: ScoredCall) -> String? {
        if !outcomes.isEmpty, !outcomes.contains(call.outcome ?? "none") {
            return "for calls with the outcome \(outcomes.sorted().joined(separator: " or ")) only"
        }
        if let tool, !call.tools.contains(where: { $0.name == tool }) {
            return "for calls on which \(tool) was called only"
        }
        if !intents.isEmpty, !call.turns.contains(where: { $0.intent.map(intents.contains) ?? false }) {
            return "for calls on which the caller wanted \(intents.sorted().joined(separator: " or ")) only"
        }
        return nil
    }
}
