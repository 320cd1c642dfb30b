/// Brings an answer to a capture block to spoken words, a figure at a time.
enum CaptureText {
    /// As ``SpokenText/words(_:)``, but "SW1A 1AA", "12b" and "4111" stay what they are: their letters and digits, one by one.
    static func words(_ text: String) -> [String] {
        SpokenText.words(
            text.split(whereSeparator: \.isWhitespace).map(Substring.init).map(taken(apart:)).joined(separator: " "))
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
