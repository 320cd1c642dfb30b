/// A request for a chat completion, as strictly as OpenAI reads it.
struct ChatRequest: Decodable, Sendable {
    struct Message: Decodable, Sendable {
        struct Call: Decodable, Sendable {
            struct Function: Decodable, Sendable {
                let name: String
                let arguments: String
            }
            let id: String
            let type: String
            let function: Function
        }

        let role: String
        /// The text parts joined; nil if there is no content.
        let text: String?
        let calls: [Call]
        let callID: String?

        private enum CodingKeys: String, CodingKey {
            case role, content
            case calls = "tool_calls"
            case callID = "tool_call_id"
        }

        private struct Part: Decodable {
            let type: String
            let text: String?
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["role", "content", "name", "refusal", "tool_calls", "tool_call_id"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            role = try container.decode(String.self, forKey: .role)
            calls = try container.decodeIfPresent([Call].self, forKey: .calls) ?? []
            callID = try container.decodeIfPresent(String.self, forKey: .callID)
            let isEmpty = try !container.contains(.content) || container.decodeNil(forKey: .content)
            if isEmpty {
                text = nil
            } else if let plain = try? container.decode(String.self, forKey: .content) {
                text = plain
            } else {
                text = try container.decode([Part].self, forKey: .content).compactMap(\.text).joined()
            }
        }
    }

    struct Tool: Decodable, Sendable {
        let name: String

        private enum CodingKeys: String, CodingKey { case type, function }
        private enum FunctionKeys: String, CodingKey { case name, parameters }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["type", "function"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            guard try container.decode(String.self, forKey: .type) == "function" else {
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: container, debugDescription: "only 'function' is supported")
            }
            try container.superDecoder(forKey: .function).allowOnly(["name", "description", "parameters", "strict"])
            let function = try container.nestedContainer(keyedBy: FunctionKeys.self, forKey: .function)
            name = try function.decode(String.self, forKey: .name)
            guard !name.isEmpty, name.utf8.count <= 64, name.utf8.allSatisfy(Self.mayBeInName) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .name, in: function, debugDescription: "does not match '^[a-zA-Z0-9_-]{1,64}$'")
            }
            if function.contains(.parameters) {
                _ = try function.nestedContainer(keyedBy: AnyKey.self, forKey: .parameters)
            }
        }

        private static func mayBeInName(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    let model: String
    let messages: [Message]
    let tools: [Tool]
    let isStreamed: Bool
    let includesUsage: Bool

    private enum CodingKeys: String, CodingKey {
        case model, messages, tools, stream, temperature
        case streamOptions = "stream_options"
    }

    private struct StreamOptions: Decodable {
        let includesUsage: Bool?

        private enum CodingKeys: String, CodingKey { case includesUsage = "include_usage" }
    }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(Self.known)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try container.decode(String.self, forKey: .model)
        messages = try container.decode([Message].self, forKey: .messages)
        tools = try container.decodeIfPresent([Tool].self, forKey: .tools) ?? []
        isStreamed = try container.decodeIfPresent(Bool.self, forKey: .stream) ?? false
        let options = try container.decodeIfPresent(StreamOptions.self, forKey: .streamOptions)
        includesUsage = options?.includesUsage ?? false
        guard options == nil || isStreamed else {
            throw DecodingError.dataCorruptedError(
                forKey: .streamOptions, in: container, debugDescription: "only allowed when 'stream' is true")
        }
        if let temperature = try container.decodeIfPresent(Double.self, forKey: .temperature),
            !(0...2).contains(temperature)
        {
            throw DecodingError.dataCorruptedError(
                forKey: .temperature, in: container, debugDescription: "must be between 0 and 2")
        }
    }

    private static let known: Set<String> = [
        "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options", "temperature",
        "top_p", "n", "stop", "max_tokens", "max_completion_tokens", "presence_penalty", "frequency_penalty",
        "response_format", "reasoning_effort", "verbosity", "service_tier", "prompt_cache_key", "seed", "user",
        "metadata", "store", "logit_bias", "logprobs", "top_logprobs", "safety_identifier", "prediction", "modalities",
    ]

    /// What OpenAI would refuse in a request whose shape is right; nil for nothing.
    var fault: (message: String, param: String)? {
        guard !model.isEmpty else { return ("you must provide a model parameter", "model") }
        guard !messages.isEmpty else { return ("[] is too short - 'messages'", "messages") }
        var unanswered: [String] = []
        for (index, message) in messages.enumerated() {
            let place = "messages.[\(index)]"
            if message.role != "tool", !unanswered.isEmpty {
                return (
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                        + "'tool_call_id'. The following tool_call_ids did not have response messages: "
                        + unanswered.joined(separator: ", "), "\(place).role"
                )
            }
            switch message.role {
            case "system", "developer", "user":
                guard message.text != nil else { return ("expected a string, got null", "\(place).content") }
            case "assistant":
                guard message.text != nil || !message.calls.isEmpty else {
                    return ("expected a string, got null", "\(place).content")
                }
                unanswered = message.calls.map(\.id)
                if Set(unanswered).count < unanswered.count {
                    return ("duplicate tool call ids", "\(place).tool_calls")
                }
            case "tool":
                guard let id = message.callID, let answered = unanswered.firstIndex(of: id) else {
                    return (
                        "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                        "\(place).role"
                    )
                }
                guard message.text != nil else { return ("expected a string, got null", "\(place).content") }
                unanswered.remove(at: answered)
            default: return ("'\(message.role)' is not one of the roles", "\(place).role")
            }
        }
        if !unanswered.isEmpty {
            return ("tool calls without answers: " + unanswered.joined(separator: ", "), "messages")
        }
        return nil
    }
}
