/// Finds people's names: from the lists the agent ships, and after "my name is" also names nobody listed.
struct NameGrammar {
    let words: [String]
    let lexicon: EntityLexicon
    let isExpected: Bool

    struct Match: Equatable {
        var kind: EntityKind
        var value: String
        var length: Int
    }

    private static let titles: Set<String> = ["mister", "mr", "missus", "mrs", "miss", "ms", "doctor", "dr"]
    /// Words before a name that announce one.
    private static let announcements: [[String]] = [
        ["name", "is"], ["name's"], ["this", "is"], ["i", "am"], ["i'm"], ["it", "is"], ["it's"], ["for"], ["under"],
        ["called"], ["name"],
    ]

    /// Words of days and hours, which are not among the agent's own: an answer to another question is no name.
    private static let timeWords: Set<String> = [
        "half", "past", "quarter", "o'clock", "oclock", "noon", "midnight", "morning", "afternoon", "evening", "night",
        "today", "tomorrow", "week", "weeks", "month", "day", "days", "next", "first", "second", "third", "fourth",
        "fifth",
        "sixth", "seventh", "eighth", "ninth", "tenth", "twentieth", "thirtieth", "then", "that", "thank",
    ]

    func match(at start: Int) -> Match? {
        if Self.titles.contains(word(start)), isLast(start + 1) {
            return Match(kind: .lastName, value: spelled(start + 1, 1), length: 2)
        }
        if isFirst(start), isLast(start + 1) {
            // "mary anne smith"
            if isFirst(start + 1), isLast(start + 2) {
                return Match(kind: .name, value: spelled(start, 3), length: 3)
            }
            return Match(kind: .name, value: spelled(start, 2), length: 2)
        }
        if let unlisted = unlistedName(at: start) { return unlisted }
        guard isExpected || isAnnounced(start) else { return nil }
        // "A green umbrella" is nobody.
        guard !["a", "an", "the"].contains(word(start - 1)) else { return nil }
        if isFirst(start) { return Match(kind: .firstName, value: spelled(start, 1), length: 1) }
        if isLast(start), isExpected { return Match(kind: .lastName, value: spelled(start, 1), length: 1) }
        return nil
    }

    /// Two or three words that the agent's language does not contain, where a name is due.
    private func unlistedName(at start: Int) -> Match? {
        let afterNameIs = start >= 2 && words[start - 1] == "is" && words[start - 2] == "name"
        guard afterNameIs || (isExpected && start == 0 && words.count <= 3) else { return nil }
        var length = 0
        while length < 3, start + length < words.count, isUnlisted(start + length) { length += 1 }
        guard length >= 2, !afterNameIs ? length == words.count : true else { return nil }
        guard !(0..<length).allSatisfy({ lexicon.commonWords.contains(word(start + $0)) }) else { return nil }
        return Match(kind: .name, value: spelled(start, length), length: length)
    }

    private func isUnlisted(_ index: Int) -> Bool {
        let candidate = word(index)
        return !candidate.isEmpty && (!lexicon.commonWords.contains(candidate) || isFirst(index) || isLast(index))
            && NumberWords.unit(candidate) == nil && !Self.timeWords.contains(candidate)
    }

    private func isAnnounced(_ start: Int) -> Bool {
        Self.announcements.contains { phrase in
            start >= phrase.count && Array(words[(start - phrase.count)..<start]) == phrase
        }
    }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    private func isFirst(_ index: Int) -> Bool { lexicon.firstNames.contains(word(index)) }

    private func isLast(_ index: Int) -> Bool {
        let candidate = word(index)
        return lexicon.lastNames.contains(candidate)
            || (candidate.hasSuffix("'s") && lexicon.lastNames.contains(String(candidate.dropLast(2))))
    }

    private func spelled(_ start: Int, _ length: Int) -> String {
        words[start..<(start + length)].map { word in
            let bare = word.hasSuffix("'s") ? String(word.dropLast(2)) : word
            return bare.prefix(1).uppercased() + bare.dropFirst()
        }.joined(separator: " ")
    }
}
