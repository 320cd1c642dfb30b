/// Brings an answer to a capture block to spoken words, a figure at a time.
enum CaptureText {
    /// As ``SpokenText/words(_:)``, but "SW1A 1AA", "12b" and "4111" stay what they are: their letters and digits, one by one.
    static func words(_ text: String) -> [String] {
        withoutPronouns(
            SpokenText.words(
                text.split(whereSeparator: \.isWhitespace).map(Substring.init).map(taken(apart:)).joined(separator: " ")
            ))
    }

    private static let demonstratives: Set<String> = [
        "that", "this", "the", "which", "wrong", "right", "other", "another",
    ]
    private static let moments: Set<String> = ["moment", "second", "sec", "minute", "more", "thing"]

    /// Without the "one" of "that's the one" and "one moment", which is no figure.
    private static func withoutPronouns(_ words: [String]) -> [String] {
        words.indices.filter { index in
            guard words[index] == "one" else { return true }
            let next = index + 1 < words.count ? words[index + 1] : ""
            if moments.contains(next) { return false }
            let isAlone = DigitGrammar(words: words).match(at: index)?.length == 1 && next != "hundred"
            return !(isAlone && index > 0 && demonstratives.contains(words[index - 1]))
        }.map { words[$0] }
    }

    private static func taken(apart token: Substring) -> String {
        // "4111-1111" is two groups, "05/03/1985" three figures; an address keeps its form.
        guard !token.contains("@"), token.contains(where: \.isNumber) else { return String(token) }
        return token.split { "-/,".contains($0) }.map { part in
            let figures = part.prefix { $0.isNumber }
            let rest = part[figures.endIndex...].lowercased().filter { $0.isLetter || $0.isNumber }
            if figures.count <= 2, ["", "st", "nd", "rd", "th", "am", "pm"].contains(rest) { return String(part) }
            guard part.contains(where: \.isLetter) || figures.count > 2 else { return String(part) }
            return part.filter { $0.isLetter || $0.isNumber }.map(String.init).joined(separator: " ")
        }.joined(separator: " ")
    }
}
