import Foundation

/// A request to generate content, as strictly as Google reads it.
struct GenerateRequest: Decodable, Sendable {
    /// Begins the ids of the emulator's own calls, which must come back with their signatures.
    static let callPrefix = "fc_emulated_"

    /// The signature of a call, base64.
    static func signature(of id: String) -> String {
        Data(id.utf8).base64EncodedString()
    }

    struct Content: Decodable, Sendable {
        let role: String?
        let parts: [GeminiPart]

        private enum CodingKeys: String, CodingKey { case role, parts }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["role", "parts"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            role = try container.decodeIfPresent(String.self, forKey: .role)
            parts = try container.decodeIfPresent([GeminiPart].self, forKey: .parts) ?? []
        }
    }

    private struct Tool: Decodable, Sendable {
        struct Declaration: Decodable, Sendable {
            let name: String

            private enum CodingKeys: String, CodingKey {
                case name, parameters, parametersJsonSchema
                /// Google takes names in either form; its SDK writes this one so.
                case snakeSchema = "parameters_json_schema"
            }

            init(from decoder: any Decoder) throws {
                try decoder.allowOnly([
                    "name", "description", "parameters", "parametersJsonSchema", "parameters_json_schema", "response",
                    "responseJsonSchema", "behavior",
                ])
                let container = try decoder.container(keyedBy: CodingKeys.self)
                name = try container.decode(String.self, forKey: .name)
                _ = try container.decodeIfPresent(JSONObject.self, forKey: .parametersJsonSchema)
                _ = try container.decodeIfPresent(JSONObject.self, forKey: .snakeSchema)
                guard container.contains(.parameters) else { return }
                // A part of OpenAPI's schema; JSON Schema's other keys are unknown names.
                try container.superDecoder(forKey: .parameters).allowOnly([
                    "type", "format", "title", "description", "nullable", "enum", "items", "maxItems", "minItems",
                    "properties", "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern",
                    "example", "anyOf", "propertyOrdering", "default", "minimum", "maximum",
                ])
            }
        }

        let declarations: [Declaration]

        private enum CodingKeys: String, CodingKey { case functionDeclarations }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["functionDeclarations"])
            declarations = try decoder.container(keyedBy: CodingKeys.self)
                .decode([Declaration].self, forKey: .functionDeclarations)
        }
    }

    private struct ToolConfig: Decodable, Sendable {
        struct Calling: Decodable, Sendable {
            let mode: String?
            let allowedFunctionNames: [String]?
        }
        let functionCallingConfig: Calling?
    }

    private struct Generation: Decodable, Sendable {
        let temperature: Double?
        let maxOutputTokens: Int?

        private enum CodingKeys: String, CodingKey { case temperature, maxOutputTokens }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly([
                "temperature", "maxOutputTokens", "topP", "topK", "candidateCount", "stopSequences", "thinkingConfig",
                "responseMimeType", "responseSchema", "responseJsonSchema", "presencePenalty", "frequencyPenalty",
                "seed",
            ])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            temperature = try container.decodeIfPresent(Double.self, forKey: .temperature)
            maxOutputTokens = try container.decodeIfPresent(Int.self, forKey: .maxOutputTokens)
        }
    }

    private let contents: [Content]
    private let system: Content?
    private let tools: [String]
    private let mode: String?
    private let generation: Generation?

    private enum CodingKeys: String, CodingKey {
        case contents, systemInstruction, tools, toolConfig, generationConfig
    }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly([
            "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings",
            "cachedContent",
        ])
        let container = try decoder.container(keyedBy: CodingKeys.self)
        contents = try container.decodeIfPresent([Content].self, forKey: .contents) ?? []
        system = try container.decodeIfPresent(Content.self, forKey: .systemInstruction)
        tools =
            try container.decodeIfPresent([Tool].self, forKey: .tools)?.flatMap { $0.declarations.map(\.name) } ?? []
        mode = try container.decodeIfPresent(ToolConfig.self, forKey: .toolConfig)?.functionCallingConfig?.mode
        generation = try container.decodeIfPresent(Generation.self, forKey: .generationConfig)
    }

    /// What Google would refuse in a request whose shape is right; nil for nothing.
    var fault: String? {
        if contents.isEmpty { return "* GenerateContentRequest.contents: contents is not specified" }
        if let mode, !["AUTO", "ANY", "NONE", "VALIDATED"].contains(mode) {
            return "Invalid value at 'tool_config.function_calling_config.mode', \"\(mode)\""
        }
        if let temperature = generation?.temperature, !(0...2).contains(temperature) {
            return "* GenerateContentRequest.generation_config.temperature: must be in the range [0.0, 2.0]"
        }
        if let limit = generation?.maxOutputTokens, limit < 1 {
            return "max_output_tokens must be positive."
        }
        if let system, system.parts.isEmpty { return "* GenerateContentRequest.system_instruction.parts: missing" }
        for (index, name) in tools.enumerated() {
            guard ToolName.isValid(name, longest: 64, more: ".:"), name.first?.isNumber == false else {
                return "* GenerateContentRequest.tools[0].function_declarations[\(index)].name: Invalid function name."
            }
            if tools[..<index].contains(name) { return "Duplicate function declaration found: \(name)" }
        }
        return conversationFault
    }

    private var conversationFault: String? {
        var calls: [(id: String?, name: String)] = []
        for (index, content) in contents.enumerated() {
            let place = "contents[\(index)]"
            guard let role = content.role ?? (contents.count == 1 ? "user" : nil), ["user", "model"].contains(role)
            else { return "Please use a valid role: user, model." }
            if content.parts.isEmpty {
                return "* GenerateContentRequest.\(place).parts: contents.parts must not be empty."
            }
            if index == 0, role != "user" {
                return "Please ensure that multiturn requests begin with a user turn."
            }
            let results = content.parts.compactMap(\.result)
            if results.count != calls.count {
                return "Please ensure that the number of function response parts is equal to the number of function "
                    + "call parts of the function call turn."
            }
            for (call, result) in zip(calls, results) {
                guard call.name == result.name, result.id == nil || result.id == call.id else {
                    return "\(place): the function response does not belong to the function call `\(call.name)`"
                }
            }
            let own = content.parts.compactMap(\.call)
            if !results.isEmpty, role != "user" { return "\(place): a function response is the user's" }
            guard own.isEmpty || role == "model" else { return "\(place): a function call is the model's" }
            if let first = own.first, let id = first.id, id.hasPrefix(Self.callPrefix),
                first.signature != Self.signature(of: id)
            {
                return "Function call is missing a thought_signature in functionCall parts. This is required for tools "
                    + "to work correctly. Additional data, function call `\(first.name)`, position \(index)."
            }
            calls = own.map { ($0.id, $0.name) }
        }
        return calls.isEmpty ? nil : "Please ensure that function call turn is followed by a function response turn."
    }

    func question(model: String, isStreamed: Bool) -> EmulatedQuestion {
        let spoken = contents.indices.filter {
            contents[$0].role != "model" && contents[$0].parts.contains { $0.text != nil }
        }
        let last = spoken.last ?? 0
        let parts = contents.flatMap(\.parts) + (system?.parts ?? [])
        return EmulatedQuestion(
            exchange: ModelEmulatorConfiguration.Exchange(
                model: model, userText: contents[last].parts.last { $0.text != nil }?.text ?? "", turn: spoken.count,
                // Results in the same turn as the user's text came before it.
                toolResults: contents[(last + 1)...].flatMap(\.parts).compactMap { $0.result?.content }, tools: tools),
            isStreamed: isStreamed, promptTokens: parts.reduce(0) { $0 + ($1.text ?? "").utf8.count / 4 + 4 })
    }
}
