import Agent

/// A conversation that the assistant opens, and the same later with calls whose ids are equal and whose results came in
/// the wrong order.
enum RequestExamples {
    static let first = ModelRequest(
        instructions: "Be kind.",
        messages: [.facts("It is Monday."), .assistant(text: "Hello.", calls: []), .user("Hi.")],
        tools: [ToolDefinition(name: "look", summary: "Looks.", parameters: ["type": "object"], risk: .read)],
        maxTokens: 50, temperature: 1.5, cacheKey: "a-1")

    static var later: ModelRequest {
        var request = first
        request.messages += [
            .assistant(
                text: " ",
                calls: [
                    ModelToolCall(id: "a", name: "look", arguments: ["id": 7], rawArguments: #"{"id":7}"#),
                    ModelToolCall(id: "call.2", name: "look", arguments: nil, rawArguments: "{"),
                ]), .tool(id: "call.2", content: "2"), .tool(id: "a", content: "1"), .user("And?"), .user(""),
        ]
        request.forbidsTools = true
        return request
    }
}
