/// How an agent of kind `model` uses its language model.
package struct ModelSettings: Sendable, Equatable {
    /// The name of a provider in the service's configuration.
    package var provider: String
    /// The providers that are asked when that one fails or is slow, in this order; each with the model it is configured
    /// with.
    package var fallback: [String] = []
    /// How long a provider may be without anything useful before the next one is asked as well.
    package var hedgeAfter: Duration
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

    /// Said in place of a promise that no tool kept, when there is no time for another answer.
    package var notDone = UsualSentence.notDone.text(in: .english)

    /// What the conversation may come to, in tokens, before its older part is summed up; 1000...1000000.
    package var contextTokens = 24_000

    /// Whether the model is asked at a pause already, before it is certain that the caller has finished.
    package var preparesReplies = true

    /// What becomes of statements that nothing supports.
    package var grounding = GroundingPolicy()
    /// What the agent's file supports by itself.
    var grounds = Grounds()

    /// All providers, in the order in which they are asked.
    package var providers: [String] { [provider] + fallback }
}
