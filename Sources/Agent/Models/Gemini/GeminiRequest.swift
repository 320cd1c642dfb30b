/// Writes a ``ModelRequest`` as the body of `POST …:streamGenerateContent`.
package struct GeminiRequest: Sendable {
    package let body: JSONValue

    package init(_ request: ModelRequest, configuration: GeminiConfiguration) {
        let conversation = AlternatingTurns(request.messages)
        let contents = conversation.turns.map { turn -> JSONValue in
            [
                "role": turn.isAssistant ? "model" : "user",
                "parts": .array(turn.parts.map { Self.part($0, provider: configuration.baseURL) }),
            ]
        }
        var generation: [String: JSONValue] = ["maxOutputTokens": .integer(request.maxTokens)]
        if let temperature = request.temperature { generation["temperature"] = .number(temperature) }
        if let effort = configuration.effort {
            generation["thinkingConfig"] =
                effort == "none" ? ["thinkingBudget": 0] : ["thinkingLevel": .string(effort.uppercased())]
        }
        var body: [String: JSONValue] = ["contents": .array(contents), "generationConfig": .object(generation)]
        // The instructions are the same for every call, the facts are not: equal bytes first.
        let system = ([request.instructions] + conversation.facts).filter { !AlternatingTurns.isBlank($0) }
        if !system.isEmpty {
            body["systemInstruction"] = ["parts": .array(system.map { ["text": .string($0)] })]
        }
        if !request.tools.isEmpty {
            // `parameters` takes a part of OpenAPI's schema only; this one takes JSON Schema.
            let declarations = request.tools.map { tool -> JSONValue in
                [
                    "name": .string(tool.name), "description": .string(tool.summary),
                    "parametersJsonSchema": tool.parameters,
                ]
            }
            body["tools"] = [["functionDeclarations": .array(declarations)]]
            if request.forbidsTools { body["toolConfig"] = ["functionCallingConfig": ["mode": "NONE"]] }
        }
        self.body = .object(body)
    }

    private static func part(_ part: AlternatingTurns.Part, provider: String) -> JSONValue {
        switch part {
        case .text(let text): return ["text": .string(text)]
        case .call(let call, let id):
            var fields: [String: JSONValue] = [
                "functionCall": [
                    "id": .string(id), "name": .string(call.name), "args": .object(call.arguments?.object ?? [:]),
                ]
            ]
            if let attachment = call.attachment, attachment.provider == provider {
                fields["thoughtSignature"] = .string(attachment.content)
            }
            return .object(fields)
        case .result(let id, let name, let content):
            // The response is an object; a tool's other values go into one.
            let value = (try? JSONValue(parsing: content)) ?? .string(content)
            return [
                "functionResponse": [
                    "id": .string(id), "name": .string(name),
                    "response": value.object.map(JSONValue.object) ?? ["result": value],
                ]
            ]
        }
    }
}
