/// Writes a ``ModelRequest`` as the body of `POST /chat/completions`.
package struct OpenAIChatRequest: Sendable {
    package let body: JSONValue

    package init(_ request: ModelRequest, configuration: OpenAIChatConfiguration) {
        let dialect = configuration.dialect
        var messages: [JSONValue] = [["role": "system", "content": .string(request.instructions)]]
        messages += request.messages.map(Self.message)
        var body: [String: JSONValue] = [
            "model": .string(request.model ?? configuration.model), "stream": true, "messages": .array(messages),
        ]
        body[dialect.usesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens"] = .integer(request.maxTokens)
        if dialect.asksForUsage { body["stream_options"] = ["include_usage": true] }
        if let temperature = request.temperature { body["temperature"] = .number(temperature) }
        if let effort = configuration.effort { body["reasoning_effort"] = .string(effort) }
        if dialect.sendsCacheKey, !request.cacheKey.isEmpty { body["prompt_cache_key"] = .string(request.cacheKey) }
        if !request.tools.isEmpty {
            body["tools"] = .array(request.tools.map(Self.tool))
            // The tools stay in the request when they are forbidden: leaving them out would change the cached prefix.
            if request.forbidsTools { body["tool_choice"] = "none" }
            if dialect.limitsParallelCalls { body["parallel_tool_calls"] = false }
        }
        self.body = .object(body)
    }

    private static func message(_ message: ModelMessage) -> JSONValue {
        switch message {
        case .facts(let text): return ["role": "system", "content": .string(text)]
        case .user(let text): return ["role": "user", "content": .string(text)]
        case .tool(let id, let content):
            return ["role": "tool", "tool_call_id": .string(id), "content": .string(content)]
        case .assistant(let text, let calls):
            var fields: [String: JSONValue] = ["role": "assistant"]
            fields["content"] = text.isEmpty && !calls.isEmpty ? .null : .string(text)
            if !calls.isEmpty {
                fields["tool_calls"] = .array(
                    calls.map { call in
                        [
                            "id": .string(call.id), "type": "function",
                            "function": ["name": .string(call.name), "arguments": .string(call.rawArguments)],
                        ]
                    })
            }
            return .object(fields)
        }
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.summary), "parameters": tool.parameters,
            ],
        ]
    }
}
