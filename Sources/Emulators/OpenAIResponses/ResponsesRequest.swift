/// A request for a response, as strictly as OpenAI reads it.
struct ResponsesRequest: Decodable, Sendable {
    private struct Tool: Decodable, Sendable {
        let name: String
        let isStrict: Bool
        let schema: Schema?

        /// What strict tools must say of their arguments.
        struct Schema: Decodable, Sendable {
            let properties: JSONObject?
            let required: [String]?
            let additionalProperties: Bool?

            var isStrict: Bool {
                additionalProperties == false && Set(required ?? []) == (properties?.keys ?? [])
            }
        }

        private enum CodingKeys: String, CodingKey { case type, name, parameters, strict }

        init(from decoder: any Decoder) throws {
            // Flat: a `function` inside, as chat completions have it, is unknown here.
            try decoder.allowOnly(["type", "name", "description", "parameters", "strict", "defer_loading"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            guard try container.decode(String.self, forKey: .type) == "function" else {
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: container, debugDescription: "only 'function' is supported")
            }
            name = try container.decode(String.self, forKey: .name)
            isStrict = try container.decodeIfPresent(Bool.self, forKey: .strict) ?? true
            _ = try container.decodeIfPresent(JSONObject.self, forKey: .parameters)
            schema = try? container.decodeIfPresent(Schema.self, forKey: .parameters)
        }
    }

    private let model: String
    private let items: [ResponsesItem]
    private let tools: [Tool]
    private let include: [String]
    private let temperature: Double?
    private let maxTokens: Int?
    private let isStreamed: Bool

    private enum CodingKeys: String, CodingKey {
        case model, input, tools, stream, temperature, include, instructions
        case maxTokens = "max_output_tokens"
    }

    private static let known: Set<String> = [
        "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options",
        "temperature", "top_p", "max_output_tokens", "max_tool_calls", "reasoning", "text", "store", "include",
        "previous_response_id", "conversation", "prompt", "prompt_cache_key", "prompt_cache_retention", "service_tier",
        "truncation", "metadata", "user", "safety_identifier", "background", "top_logprobs",
    ]

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(Self.known)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try container.decode(String.self, forKey: .model)
        if let text = try? container.decode(String.self, forKey: .input) {
            items = [.message(role: "user", text: text)]
        } else {
            items = try container.decode([ResponsesItem].self, forKey: .input)
        }
        _ = try container.decodeIfPresent(String.self, forKey: .instructions)
        tools = try container.decodeIfPresent([Tool].self, forKey: .tools) ?? []
        include = try container.decodeIfPresent([String].self, forKey: .include) ?? []
        temperature = try container.decodeIfPresent(Double.self, forKey: .temperature)
        maxTokens = try container.decodeIfPresent(Int.self, forKey: .maxTokens)
        isStreamed = try container.decodeIfPresent(Bool.self, forKey: .stream) ?? false
    }

    /// What OpenAI would refuse in a request whose shape is right; nil for nothing.
    var fault: String? {
        guard !model.isEmpty else { return "you must provide a model parameter" }
        if let temperature, !(0...2).contains(temperature) {
            return "Invalid 'temperature': must be between 0 and 2"
        }
        if let maxTokens, maxTokens < 16 {
            return "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got "
                + "\(maxTokens) instead."
        }
        let includable = [
            "reasoning.encrypted_content", "message.output_text.logprobs", "message.input_image.image_url",
            "file_search_call.results", "web_search_call.action.sources", "code_interpreter_call.outputs",
            "computer_call_output.output.image_url",
        ]
        if let stranger = include.first(where: { !includable.contains($0) }) {
            return "Invalid value: '\(stranger)'. Supported values are: " + includable.joined(separator: ", ")
        }
        for (index, tool) in tools.enumerated() {
            guard ToolName.isValid(tool.name, longest: 64) else {
                return "Invalid 'tools[\(index)].name': does not match '^[a-zA-Z0-9_-]+$'"
            }
            if tool.isStrict, tool.schema?.isStrict != true {
                return "Invalid schema for function '\(tool.name)': 'additionalProperties' is required to be supplied "
                    + "and to be false, and 'required' to name every property."
            }
        }
        return conversationFault
    }

    private var conversationFault: String? {
        var open: [String] = []
        for (index, item) in items.enumerated() {
            switch item {
            case .message(let role, _):
                guard ["user", "assistant", "system", "developer"].contains(role) else {
                    return
                        "Invalid value: '\(role)'. Supported values are: 'assistant', 'system', 'developer', and 'user'."
                }
            case .call(let id):
                guard (1...64).contains(id.utf8.count) else {
                    return "Invalid 'input[\(index)].call_id': string of 1 to 64 characters expected"
                }
                if open.contains(id) { return "Duplicate function call id \(id)." }
                open.append(id)
            case .output(let id, _):
                guard let answered = open.firstIndex(of: id) else {
                    return "No tool call found for function call output with call_id \(id)."
                }
                open.remove(at: answered)
            case .reasoning: break
            }
        }
        return open.first.map { "No tool output found for function call \($0)." }
    }

    var question: EmulatedQuestion {
        var texts: [String] = []
        var results: [String] = []
        var size = 0
        for item in items {
            switch item {
            case .message("user", let text):
                texts.append(text)
                results = []
                size += text.utf8.count / 4 + 4
            case .message(_, let text): size += text.utf8.count / 4 + 4
            case .output(_, let output): results.append(output)
            case .call, .reasoning: break
            }
        }
        return EmulatedQuestion(
            exchange: ModelEmulatorConfiguration.Exchange(
                model: model, userText: texts.last ?? "", turn: texts.count, toolResults: results,
                tools: tools.map(\.name)),
            isStreamed: isStreamed, promptTokens: size)
    }
}
