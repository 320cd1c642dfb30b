/// Writes a ``ModelRequest`` as the body of `POST /responses`. Nothing is kept at the provider: every request is whole.
package struct OpenAIResponsesRequest: Sendable {
    package let body: JSONValue

    package init(_ request: ModelRequest, configuration: OpenAIResponsesConfiguration) {
        var ids = ModelCallIDs()
        var body: [String: JSONValue] = [
            "model": .string(request.model ?? configuration.model), "stream": true, "store": false,
            "instructions": .string(request.instructions),
            "input": .array(
                request.messages.flatMap { Self.items($0, ids: &ids, provider: configuration.baseURL) }),
            "max_output_tokens": .integer(request.maxTokens),
        ]
        if let temperature = request.temperature { body["temperature"] = .number(temperature) }
        if !request.cacheKey.isEmpty { body["prompt_cache_key"] = .string(request.cacheKey) }
        if let effort = configuration.effort {
            body["reasoning"] = ["effort": .string(effort)]
            // What was thought before a call goes back with it; models that do not reason refuse the key.
            body["include"] = ["reasoning.encrypted_content"]
        }
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map {
                    [
                        "type": "function", "name": .string($0.name), "description": .string($0.summary),
                        // Strict is the default here, and takes only a part of JSON Schema.
                        "parameters": $0.parameters, "strict": false,
                    ]
                })
            // The tools stay in the request when they are forbidden: leaving them out would change the cached prefix.
            if request.forbidsTools { body["tool_choice"] = "none" }
        }
        self.body = .object(body)
    }

    private static func items(_ message: ModelMessage, ids: inout ModelCallIDs, provider: String) -> [JSONValue] {
        switch message {
        case .facts(let text): return [["role": "developer", "content": .string(text)]]
        case .user(let text): return [["role": "user", "content": .string(text)]]
        case .tool(let id, let content):
            guard let call = ids.call(id) else { return [] }
            return [["type": "function_call_output", "call_id": .string(call.wire), "output": .string(content)]]
        case .assistant(let text, let calls):
            var items: [JSONValue] = text.isEmpty ? [] : [["role": "assistant", "content": .string(text)]]
            for call in calls {
                if let attachment = call.attachment, attachment.provider == provider {
                    items += (try? JSONValue(parsing: attachment.content))?.array ?? []
                }
                items.append([
                    "type": "function_call", "call_id": .string(ids.open(call)), "name": .string(call.name),
                    "arguments": .string(call.rawArguments),
                ])
            }
            return items
        }
    }
}
