/// One server that speaks Anthropic's Messages protocol.
package struct AnthropicConfiguration: Sendable, Equatable {
    /// Without `/v1/messages`: `https://api.anthropic.com`.
    package var baseURL: String
    /// Free text; what the server calls it.
    package var model: String
    package var apiKey: String
    /// How much the model thinks, as `output_config.effort` takes it; nil leaves it to the provider.
    package var effort: String?
    package var connectDeadline: Duration
    package var retryBudget: Duration

    /// - Parameters:
    ///   - connectDeadline: for name look-up, TCP and TLS.
    ///   - retryBudget: for the waits between all attempts together, before the first token.
    package init(
        baseURL: String, model: String, apiKey: String, effort: String? = nil,
        connectDeadline: Duration = .seconds(2), retryBudget: Duration = .milliseconds(1500)
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.model = model
        self.apiKey = apiKey
        self.effort = effort
        self.connectDeadline = connectDeadline
        self.retryBudget = retryBudget
    }
}
