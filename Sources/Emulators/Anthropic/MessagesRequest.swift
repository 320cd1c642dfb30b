/// A request of the Messages API, as strictly as Anthropic reads it.
struct MessagesRequest: Decodable, Sendable {
    struct Message: Decodable, Sendable {
        let role: String
        let blocks: [MessagesBlock]

        private enum CodingKeys: String, CodingKey { case role, content }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["role", "content"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            role = try container.decode(String.self, forKey: .role)
            if let text = try? container.decode(String.self, forKey: .content) {
                blocks = [MessagesBlock(text: text)]
            } else {
                blocks = try container.decode([MessagesBlock].self, forKey: .content)
            }
        }
    }

    private struct Tool: Decodable, Sendable {
        let name: String
        let isCached: Bool

        private enum CodingKeys: String, CodingKey {
            case name
            case schema = "input_schema"
            case cache = "cache_control"
        }
        private enum SchemaKeys: String, CodingKey { case type }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly([
                "type", "name", "description", "input_schema", "cache_control", "strict", "eager_input_streaming",
            ])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            isCached = container.contains(.cache)
            let schema = try container.nestedContainer(keyedBy: SchemaKeys.self, forKey: .schema)
            guard try schema.decode(String.self, forKey: .type) == "object" else {
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: schema, debugDescription: "Input should be 'object'")
            }
        }
    }

    private struct Choice: Decodable, Sendable {
        let type: String
        let name: String?
    }

    private let model: String
    private let maxTokens: Int
    private let messages: [Message]
    private let system: [MessagesBlock]
    private let tools: [Tool]
    private let choice: Choice?
    private let temperature: Double?
    private let isStreamed: Bool
    /// A parameter that only the protocol's first version knows.
    let sampling: String?

    private enum CodingKeys: String, CodingKey {
        case model, messages, system, tools, stream, temperature
        case topP = "top_p"
        case topK = "top_k"
        case maxTokens = "max_tokens"
        case choice = "tool_choice"
    }

    private static let known: Set<String> = [
        "model", "messages", "system", "tools", "tool_choice", "stream", "temperature", "max_tokens", "top_p", "top_k",
        "stop_sequences", "metadata", "thinking", "output_config", "service_tier", "cache_control", "container",
        "inference_geo", "speed",
    ]

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(Self.known)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try container.decode(String.self, forKey: .model)
        maxTokens = try container.decode(Int.self, forKey: .maxTokens)
        messages = try container.decode([Message].self, forKey: .messages)
        if let text = try? container.decode(String.self, forKey: .system) {
            system = [MessagesBlock(text: text)]
        } else {
            system = try container.decodeIfPresent([MessagesBlock].self, forKey: .system) ?? []
        }
        tools = try container.decodeIfPresent([Tool].self, forKey: .tools) ?? []
        choice = try container.decodeIfPresent(Choice.self, forKey: .choice)
        temperature = try container.decodeIfPresent(Double.self, forKey: .temperature)
        isStreamed = try container.decodeIfPresent(Bool.self, forKey: .stream) ?? false
        sampling = [CodingKeys.temperature, .topP, .topK].first(where: container.contains)?.stringValue
    }

    /// What Anthropic would refuse in a request whose shape is right; nil for nothing.
    var fault: String? {
        if model.isEmpty { return "model: String should have at least 1 character" }
        if maxTokens < 0 { return "max_tokens: must be greater than or equal to 0" }
        if let temperature, !(0...1).contains(temperature) { return "temperature: range: 0..1" }
        for (index, block) in system.enumerated() {
            if let fault = block.textFault(role: nil) { return "system.\(index): \(fault)" }
        }
        let marks =
            tools.count(where: \.isCached) + system.count(where: \.isCached)
            + messages.reduce(0) { $0 + $1.blocks.count(where: \.isCached) }
        if marks > 4 { return "A maximum of 4 blocks with cache_control may be provided. Found \(marks)." }
        return toolFault ?? conversationFault
    }

    private var toolFault: String? {
        for (index, tool) in tools.enumerated() {
            guard ToolName.isValid(tool.name, longest: 128) else {
                return "tools.\(index).name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"
            }
            if tools[..<index].contains(where: { $0.name == tool.name }) { return "tools: Tool names must be unique." }
        }
        guard let choice else { return nil }
        guard ["auto", "any", "tool", "none"].contains(choice.type) else {
            return "tool_choice: '\(choice.type)' is not a known type"
        }
        if tools.isEmpty { return "tool_choice: may only be specified while providing tools" }
        if choice.type == "tool", !tools.contains(where: { $0.name == choice.name }) {
            return "tool_choice: Tool '\(choice.name ?? "")' not found in provided tools"
        }
        return nil
    }

    private var conversationFault: String? {
        guard let first = messages.first else { return "messages: at least one message is required" }
        // Some newer models take a system message behind the first one of the user, others and compatible servers do not.
        for (index, message) in messages.enumerated() where !["user", "assistant"].contains(message.role) {
            return #"messages.\#(index): Unexpected role "\#(message.role)". The Messages API accepts a top-level "#
                + "`system` parameter, not \"system\" as an input message role."
        }
        guard first.role == "user" else { return #"messages: first message must use the "user" role"# }
        var ids: Set<String> = []
        var unanswered: [String] = []
        for (index, turn) in turns.enumerated() {
            if turn.blocks.isEmpty { return "messages.\(index): content must not be empty" }
            var seesResults = true
            for (number, block) in turn.blocks.enumerated() {
                let place = "messages.\(index).content.\(number)"
                if let fault = block.textFault(role: turn.role) { return "\(place): \(fault)" }
                switch block.kind {
                case .toolResult(let id, _):
                    guard let answered = unanswered.firstIndex(of: id) else {
                        return "\(place): unexpected `tool_use_id` found in `tool_result` blocks: \(id). Each "
                            + "`tool_result` block must have a corresponding `tool_use` block in the previous message."
                    }
                    guard seesResults else { return "\(place): `tool_result` blocks must come first" }
                    unanswered.remove(at: answered)
                case .toolUse(let id):
                    guard ids.insert(id).inserted else { return "\(place): `tool_use` ids must be unique" }
                case .text: seesResults = false
                }
            }
            guard unanswered.isEmpty else {
                return
                    "messages.\(index - 1): `tool_use` ids were found without `tool_result` blocks immediately after: "
                    + unanswered.joined(separator: ", ")
            }
            unanswered = turn.blocks.compactMap { if case .toolUse(let id) = $0.kind { id } else { nil } }
        }
        if !unanswered.isEmpty {
            return "`tool_use` ids were found without `tool_result` blocks: " + unanswered.joined(separator: ", ")
        }
        if let last = turns.last, last.role == "assistant", last.blocks.last?.text?.last?.isWhitespace == true {
            return "messages: final assistant content cannot end with trailing whitespace"
        }
        return nil
    }

    /// Messages of one role in a row are one.
    private var turns: [(role: String, blocks: [MessagesBlock])] {
        var turns: [(role: String, blocks: [MessagesBlock])] = []
        for message in messages {
            if turns.last?.role == message.role {
                turns[turns.count - 1].blocks += message.blocks
            } else {
                turns.append((message.role, message.blocks))
            }
        }
        return turns
    }

    var question: EmulatedQuestion {
        let turns = turns
        let spoken = turns.indices.filter { turns[$0].role == "user" && turns[$0].blocks.contains { $0.text != nil } }
        let last = spoken.last ?? 0
        // Results in the same message as the user's text came before it.
        let results = turns[(last + 1)...].flatMap(\.blocks).compactMap { block -> String? in
            if case .toolResult(_, let content) = block.kind { content } else { nil }
        }
        let size = (system + messages.flatMap(\.blocks)).reduce(0) { $0 + ($1.text ?? "").utf8.count / 4 + 4 }
        return EmulatedQuestion(
            exchange: ModelEmulatorConfiguration.Exchange(
                model: model, userText: turns[last].blocks.last { $0.text != nil }?.text ?? "", turn: spoken.count,
                toolResults: results, tools: tools.map(\.name)),
            isStreamed: isStreamed, promptTokens: size)
    }
}
