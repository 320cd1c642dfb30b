import Agent

/// Why a model is not asked about a call, in the words that are stored of it.
extension JudgeSettings {
    var noProvider: String { "there is no model provider `\(provider)`; add providers.\(provider)" }

    /// - Parameters:
    ///   - who: what it is asked as, `model` or `judge`.
    ///   - tokens: of the question with the transcript.
    ///   - attempts: requests that were sent for this call.
    /// - Returns: nil where it may be asked.
    func refusal(asking who: String, tokens: Int, after attempts: Int) -> String? {
        guard tokens <= maxInputTokens else {
            return "the call has about \(tokens) tokens, and `max_input_tokens` is \(maxInputTokens)"
        }
        return attempts < self.attempts ? nil : "the \(who) was asked \(attempts) times and never answered"
    }

    /// - Parameter payer: whose requests are counted together, `agent` or `card`.
    func usedUp(of payer: String) -> String { "the \(payer)'s \(dailyRequests) requests in 24 hours are used up" }

    func noRoom(asking who: String) -> String {
        "calls use as much of the account as `providers.\(provider)` allows; the \(who) is asked later"
    }
}
