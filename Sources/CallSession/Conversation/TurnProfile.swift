/// What a pause is judged by beside its words: what the caller is doing when they pause.
package enum TurnProfile: Sendable, Equatable {
    /// They answer what the agent has said.
    case answer
    /// The first words of a call: people greet, breathe, and then say what they want.
    case greeting
    /// Somebody who has talked for long goes on after most pauses.
    case monologue
    /// A tool works, and nobody waits for the caller's words.
    case toolWait

    /// From so much of a turn on it is a monologue.
    static let monologueLength = Duration.seconds(8)

    private static let greetings: Set<Substring> = [
        "hello", "hi", "hey", "there", "yes", "good", "morning", "afternoon", "evening", "day",
    ]

    /// Whether `words` only greet.
    static func isGreeting(_ words: [Substring]) -> Bool {
        words.count <= 3 && words.allSatisfy(greetings.contains)
    }
}
