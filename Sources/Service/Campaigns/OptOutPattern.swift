/// One way of saying that there shall be no more calls: words that must follow one another.
struct OptOutPattern {
    private enum Part {
        /// One of these words.
        case word([String], isOptional: Bool)
        /// Up to three words, but for ``keepers``.
        case anything
        /// Up to four of ``fillers``.
        case filler
    }

    private let parts: [Part]
    /// Whether it means some hours or days alone where a time follows: "don't call me before nine".
    private let canBeLimited: Bool

    /// - Parameter text: `*` stands for up to three words, `~` for up to four that change nothing; `a|b` is either, and a word with
    ///   `?` may be missing.
    init(_ text: String, canBeLimited: Bool = false) {
        self.canBeLimited = canBeLimited
        parts = text.split(separator: " ").map { part -> Part in
            if part == "*" { return Part.anything }
            if part == "~" { return Part.filler }
            let isOptional = part.hasSuffix("?")
            let choices: Substring = isOptional ? part.dropLast() : part
            return Part.word(choices.split(separator: "|").map(String.init), isOptional: isOptional)
        }
    }

    func matches(_ words: [String], at start: Int) -> Bool { fits(0, words, at: start, from: start) }

    private func fits(_ part: Int, _ words: [String], at index: Int, from start: Int) -> Bool {
        guard part < parts.count else { return !canBeLimited || !OptOutLimits.hold(words, phrase: start..<index) }
        switch parts[part] {
        case .word(let choices, let isOptional):
            if isOptional, fits(part + 1, words, at: index, from: start) { return true }
            return index < words.count && choices.contains(words[index])
                && fits(part + 1, words, at: index + 1, from: start)
        case .anything:
            // "We want no missed calls", but "no more missed calls" may mean either.
            let keepsMissed = canBeLimited && !words[start...].prefix(8).contains { ["more", "anymore"].contains($0) }
            return fits(after: part, words, at: index, from: start, skipping: 3) {
                !Self.keepers.contains($0) && !(keepsMissed && $0 == "missed")
            }
        case .filler:
            return fits(after: part, words, at: index, from: start, skipping: 4) { Self.fillers.contains($0) }
        }
    }

    private func fits(
        after part: Int, _ words: [String], at index: Int, from start: Int, skipping most: Int,
        where mayStand: (String) -> Bool
    ) -> Bool {
        for next in index...(index + most) {
            if fits(part + 1, words, at: next, from: start) { return true }
            guard next < words.count, mayStand(words[next]) else { return false }
        }
        return false
    }

    /// "I don't want to miss your calls". So is "we want no missed calls", but whoever says "stop these missed calls" wants none.
    private static let keepers: Set<String> = ["miss", "lose", "forget", "perder", "perderme"]

    /// Between "don't" and "call me". "Don't forget to call me" and "I don't have time, call me later" have others.
    private static let fillers: Set<String> = [
        "you", "ever", "please", "even", "dare", "want", "wish", "like", "think", "should", "anyone", "anybody",
        "someone",
        "somebody", "people", "guys", "them", "your", "company", "robot", "robots", "machine", "machines", "bots", "to",
        "let", "try", "again", "anymore", "all",
    ]
}
