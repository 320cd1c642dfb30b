/// What a model is asked. Instructions, tools and messages keep their order and bytes from one request of a call to the
/// next, and messages are only appended, so that a provider's prompt cache serves all but the last of them.
package struct ModelRequest: Sendable, Equatable {
    /// The provider's name for the model; nil for the one it is configured with.
    package var model: String?
    /// The same for all calls of an agent.
    package var instructions: String
    package var messages: [ModelMessage]
    /// Sorted by name.
    package var tools: [ToolDefinition]
    /// Forbids tool calls: the model must answer with what it knows.
    package var forbidsTools: Bool
    package var maxTokens: Int
    package var temperature: Double?
    /// Routes requests that share a prefix to the same cache.
    package var cacheKey: String
    package var firstTokenDeadline: Duration
    package var progressDeadline: Duration

    package init(
        model: String? = nil, instructions: String, messages: [ModelMessage], tools: [ToolDefinition] = [],
        forbidsTools: Bool = false, maxTokens: Int = 300, temperature: Double? = nil, cacheKey: String = "",
        firstTokenDeadline: Duration = .seconds(4), progressDeadline: Duration = .seconds(3)
    ) {
        self.model = model
        self.instructions = instructions
        self.messages = messages
        self.tools = tools
        self.forbidsTools = forbidsTools
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.cacheKey = cacheKey
        self.firstTokenDeadline = firstTokenDeadline
        self.progressDeadline = progressDeadline
    }
}

/// One message of a conversation with a model.
package enum ModelMessage: Sendable, Equatable {
    /// Facts of this call: the date, the caller's number. After the instructions, which are the same for every call.
    case facts(String)
    case user(String)
    case assistant(text: String, calls: [ModelToolCall])
    /// The result of the call `id`. Every call has exactly one, before the next message of another kind.
    case tool(id: String, content: String)
}
