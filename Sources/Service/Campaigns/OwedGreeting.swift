/// How long somebody waited for the agent's first words, of which it is not known yet that it is stored.
struct OwedGreeting: Sendable, Equatable {
    let attempt: String
    /// In samples at 8 kHz.
    let delay: Int
}
