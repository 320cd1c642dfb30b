import Networking

/// A tool that answers what a script says, in place of the real one.
package final class ScriptedTool: Tool {
    package let definition: ToolDefinition
    private let answers: [ConversationScript.ToolAnswer]
    private let state = Lock((next: 0, results: [String: ConversationScript.ToolAnswer]()))

    /// - Parameter definition: the real tool's, so that arguments are checked as they would be.
    package init(_ definition: ToolDefinition, answers: [ConversationScript.ToolAnswer]) {
        self.definition = definition
        self.answers = answers
    }

    package func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        let answer = state.withLock { state -> ConversationScript.ToolAnswer? in
            if let known = state.results[context.idempotencyKey] { return known }
            guard !answers.isEmpty else { return nil }
            let answer = answers[min(state.next, answers.count - 1)]
            state.next += 1
            state.results[context.idempotencyKey] = answer
            return answer
        }
        switch answer {
        case .result(let value): return value
        case .error(let code, let detail): throw ToolError(code, tool: definition.name, detail: detail)
        case nil: throw ToolError(.unavailable, tool: definition.name, detail: "the script has no answer of it")
        }
    }
}
