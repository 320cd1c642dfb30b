/// Keeps a model from running in circles. Reset with every turn of the caller.
package struct LoopGuard: Sendable {
    private var results: [String: [String]] = [:]

    package init() {}

    package mutating func beginTurn() { results = [:] }

    /// Why a call is refused, for the model to read; nil when it may run.
    package func objection(to call: ModelToolCall) -> String? {
        guard let past = results[Self.act(call)], past.count >= 2, past[past.count - 1] == past[past.count - 2] else {
            return nil
        }
        return "this call gave the same result twice; answer the caller with what you know"
    }

    package mutating func note(_ call: ModelToolCall, result: String) {
        results[Self.act(call), default: []].append(result)
    }

    private static func act(_ call: ModelToolCall) -> String {
        "\(call.name):\(call.arguments?.text ?? call.rawArguments)"
    }
}
