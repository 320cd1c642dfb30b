/// Which language model answers a scorecard's questions, and what it may cost.
package struct JudgeSettings: Sendable, Equatable {
    /// The name of a provider in the service's configuration.
    package var provider: String
    /// The provider's name for the model; nil for the one it is configured with.
    package var model: String?
    /// For the whole answer.
    package var timeout: Duration
    /// Of the answer, 64...32768.
    package var maxTokens: Int
    /// Of the question with the transcript, estimated; a longer call is not judged.
    package var maxInputTokens: Int
    /// Requests for one call, 1...10: the first one and its repeats.
    package var attempts: Int
    /// Requests in 24 hours for all calls of this card, on all nodes.
    package var dailyRequests: Int

    package init(
        provider: String, model: String? = nil, timeout: Duration = .seconds(30), maxTokens: Int = 2000,
        maxInputTokens: Int = 24_000, attempts: Int = 3, dailyRequests: Int = 1000
    ) {
        self.provider = provider
        self.model = model
        self.timeout = timeout
        self.maxTokens = maxTokens
        self.maxInputTokens = maxInputTokens
        self.attempts = attempts
        self.dailyRequests = dailyRequests
    }
}
