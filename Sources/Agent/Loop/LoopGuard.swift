/// Keeps a model from running in circles and from acting before the caller agreed. Reset with every turn of the caller,
/// but for what waits for their answer.
package struct LoopGuard: Sendable {
    package enum Verdict: Sendable, Equatable {
        case run
        /// Not run; the model is told why.
        case refuse(String)
    }

    private var results: [String: [String]] = [:]
    /// Irreversible act → the turn in which the model first asked for it.
    private var proposed: [String: Int] = [:]
    private var turn = 0

    package init() {}

    package mutating func beginTurn(_ number: Int) {
        turn = number
        results = [:]
    }

    /// Whether a call may run.
    package mutating func verdict(on call: ModelToolCall, risk: ToolDefinition.Risk) -> Verdict {
        let act = Self.act(call)
        if let past = results[act], past.count >= 2, past[past.count - 1] == past[past.count - 2] {
            return .refuse("this call gave the same result twice; answer the caller with what you know")
        }
        guard risk == .irreversible else { return .run }
        if let asked = proposed[act], asked < turn {
            proposed[act] = nil
            return .run
        }
        proposed[act] = turn
        return .refuse(
            "this cannot be undone: read it back to the caller, ask for a yes, and call it again with the same arguments after they agreed"
        )
    }

    package mutating func note(_ call: ModelToolCall, result: String) {
        results[Self.act(call), default: []].append(result)
    }

    private static func act(_ call: ModelToolCall) -> String {
        "\(call.name):\(call.arguments?.text ?? call.rawArguments)"
    }
}
