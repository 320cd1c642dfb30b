/// How an agent of kind `model` uses its language model.
package struct ModelSettings: Sendable, Equatable {
    /// The name of a provider in the service's configuration.
    package var provider: String
    /// The provider's name for the model; nil for the one the provider is configured with.
    package var model: String?
    /// Who the agent is and what it does. Stays byte for byte the same over all calls, so that providers can cache it.
    package var instructions: String
    /// 0...2; nil leaves it to the provider, which reasoning models insist on.
    package var temperature: Double?
    /// Per answer of the model.
    package var maxTokens: Int
    /// Calls of the model within one turn of the caller, 1...20.
    package var stepBudget: Int
    /// From request to the first useful token.
    package var firstTokenDeadline: Duration
    /// Between two pieces of an answer.
    package var progressDeadline: Duration
    /// Said when the model cannot be reached or makes no progress.
    package var apology: String
    /// Said when a turn was not understood.
    package var notUnderstood: String
}
