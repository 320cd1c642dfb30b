/// Writes a ``ModelRequest`` as the body of `POST /v1/messages`.
///
/// The order is the one the provider caches in: tools, instructions (the same for all calls, so their end is marked),
/// facts, messages (marked at their end, so that the next request of the call finds them).
package struct AnthropicRequest: Sendable {
    package let body: JSONValue

    private static let cacheMark: JSONValue = ["type": "ephemeral"]

    package init(_ request: ModelRequest, configuration: AnthropicConfiguration) {
        let conversation = AlternatingTurns(request.messages)
        var messages = conversation.turns.map { turn in
            (role: turn.isAssistant ? "assistant" : "user", blocks: turn.parts.map(Self.block))
        }
        // There is always a turn, and never one without parts.
        messages[messages.count - 1].blocks[messages[messages.count - 1].blocks.count - 1]["cache_control"] =
            Self.cacheMark
        var body: [String: JSONValue] = [
            "model": .string(request.model ?? configuration.model), "max_tokens": .integer(request.maxTokens),
            "stream": true,
            "messages": .array(
                messages.map { ["role": .string($0.role), "content": .array($0.blocks.map(JSONValue.object))] }),
        ]
        var system: [JSONValue] = []
        if !AlternatingTurns.isBlank(request.instructions) {
            system.append([
                "type": "text", "text": .string(request.instructions), "cache_control": Self.cacheMark,
            ])
        }
        system += conversation.facts.map { ["type": "text", "text": .string($0)] }
        if !system.isEmpty { body["system"] = .array(system) }
        // The protocol's scale ends at 1.
        if let temperature = request.temperature { body["temperature"] = .number(min(temperature, 1)) }
        if let effort = configuration.effort { body["output_config"] = ["effort": .string(effort)] }
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map {
                    ["name": .string($0.name), "description": .string($0.summary), "input_schema": $0.parameters]
                })
            // The tools stay in the request when they are forbidden: leaving them out would change the cached prefix.
            if request.forbidsTools { body["tool_choice"] = ["type": "none"] }
        }
        self.body = .object(body)
    }

    private static func block(_ part: AlternatingTurns.Part) -> [String: JSONValue] {
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .call(let call, let id):
            [
                "type": "tool_use", "id": .string(id), "name": .string(call.name),
                "input": .object(call.arguments?.object ?? [:]),
            ]
        case .result(let id, _, let content):
            ["type": "tool_result", "tool_use_id": .string(id), "content": .string(content)]
        }
    }
}
