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

    /// Whether `words` end in letters, one by one, or in what the last letter is likened to ("b as in bravo"): people stop
    /// between letters as they do between figures.
    static func isSpelling(_ words: [Substring]) -> Bool {
        guard let last = words.last else { return false }
        let parts = last.split(separator: "-")
        if parts.count > 1, parts.allSatisfy(isLetter) { return true }
        let before = words.dropLast()
        if isLetter(last) { return before.last.map { isLetter($0) || $0 == "double" } ?? false }
        let likening = before.last == "for" ? 1 : before.suffix(2).elementsEqual(["as", "in"]) ? 2 : 0
        return likening > 0 && before.dropLast(likening).last.map(isLetter) ?? false
    }

    private static func isLetter(_ word: Substring) -> Bool { word.count == 1 && word.first?.isLetter == true }
}
