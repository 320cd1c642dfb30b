/// One server that speaks the chat-completions protocol, hosted or self-hosted.
package struct OpenAIChatConfiguration: Sendable, Equatable {
    /// What servers of this protocol do differently, as data.
    package struct Dialect: Sendable, Equatable {
        /// `max_completion_tokens`, or `max_tokens`, which is all that many compatible servers know.
        package var usesMaxCompletionTokens: Bool
        /// Asks for the usage at the end of the stream.
        package var asksForUsage: Bool
        /// Sends `parallel_tool_calls: false`; some servers refuse the key.
        package var limitsParallelCalls: Bool
        /// Sends `prompt_cache_key`.
        package var sendsCacheKey: Bool
        /// Sends the key as `api-key` instead of as a bearer token.
        package var usesAPIKeyHeader: Bool

        package init(
            usesMaxCompletionTokens: Bool = false, asksForUsage: Bool = true, limitsParallelCalls: Bool = false,
            sendsCacheKey: Bool = false, usesAPIKeyHeader: Bool = false
        ) {
            self.usesMaxCompletionTokens = usesMaxCompletionTokens
            self.asksForUsage = asksForUsage
            self.limitsParallelCalls = limitsParallelCalls
            self.sendsCacheKey = sendsCacheKey
            self.usesAPIKeyHeader = usesAPIKeyHeader
        }

        /// The protocol's own home.
        package static let hosted = Dialect(usesMaxCompletionTokens: true, sendsCacheKey: true)
        /// What every compatible server takes.
        package static let compatible = Dialect()
    }

    /// With the version and without `/chat/completions`: `https://api.openai.com/v1`.
    package var baseURL: String
    /// Free text; what the server calls it.
    package var model: String
    /// Empty for servers that want none.
    package var apiKey: String
    /// How much a reasoning model thinks, in the server's words: `none`, `low` …; nil leaves it to the server.
    package var effort: String?
    package var dialect: Dialect
    /// Name look-up, TCP and TLS.
    package var connectDeadline: Duration
    /// For the waits between all attempts together, before the first token.
    package var retryBudget: Duration

    package init(
        baseURL: String, model: String, apiKey: String = "", effort: String? = nil, dialect: Dialect? = nil,
        connectDeadline: Duration = .seconds(2), retryBudget: Duration = .milliseconds(1500)
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.model = model
        self.apiKey = apiKey
        self.effort = effort
        self.dialect = dialect ?? (baseURL.hasPrefix("https://api.openai.com/") ? .hosted : .compatible)
        self.connectDeadline = connectDeadline
        self.retryBudget = retryBudget
    }
}
