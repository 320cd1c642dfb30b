/// E-mail addresses, written or said: "jo@example.com", "j o dot smith at example dot com".
enum EmailForm {
    static func spans(in text: String, _ words: [TextWord]) -> [PersonalDataMask.Span] {
        written(text) + spoken(words)
    }

    // MARK: Written

    private static func written(_ text: String) -> [PersonalDataMask.Span] {
        var spans: [PersonalDataMask.Span] = []
        var from = text.startIndex
        while let at = text[from...].firstIndex(of: "@") {
            from = text.index(after: at)
            let local = text[..<at].suffix(64).reversed().prefix { isOfAddress($0) || "+%".contains($0) }
            let start = text.index(at, offsetBy: -local.count)
            let domain = text[from...].prefix(253).prefix(while: isOfAddress)
            let labels = domain.split(separator: ".", omittingEmptySubsequences: true)
            guard start < at, labels.count >= 2, let last = labels.last, last.count >= 2 else { continue }
            spans.append(PersonalDataMask.Span(start..<last.endIndex, "•@•"))
            from = last.endIndex
        }
        return spans
    }

    private static func isOfAddress(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "._-".contains(character)
    }

    // MARK: Spoken

    private static let signs: Set<String> = ["dot", "underscore", "dash", "hyphen", "minus", "plus", "point"]
    /// After the last dot.
    private static let ends: Set<String> = [
        "com", "org", "net", "edu", "gov", "info", "biz", "io", "ai", "dev", "app", "me", "tv", "co", "uk", "us", "ca",
        "au", "ie",
        "de", "at", "ch", "fr", "es", "it", "nl", "be", "dk", "se", "no", "pl", "pt", "eu", "in", "nz", "za",
    ]

    private static func spoken(_ words: [TextWord]) -> [PersonalDataMask.Span] {
        var spans: [PersonalDataMask.Span] = []
        for index in words.indices.dropFirst() where words[index].plain == "at" {
            guard let end = endOfDomain(words, from: index + 1) else { continue }
            spans += (startOfName(words, before: index)..<index).map { PersonalDataMask.Span(words[$0].range, "•") }
            spans += (index + 1..<end).map { PersonalDataMask.Span(words[$0].range, "•") }
        }
        return spans
    }

    /// Where "example dot co dot uk" ends; nil when it is none.
    private static func endOfDomain(_ words: [TextWord], from start: Int) -> Int? {
        let labels = words[start...].prefix(12).prefix { $0.plain != "dot" }
        guard !labels.isEmpty, labels.count <= 3 || labels.allSatisfy({ $0.plain.count == 1 }) else { return nil }
        var end: Int?
        var place = start + labels.count
        while place + 1 < words.count, words[place].plain == "dot" {
            if ends.contains(words[place + 1].plain) { end = place + 2 }
            place += 2
        }
        return end
    }

    private static func startOfName(_ words: [TextWord], before at: Int) -> Int {
        var start = at - 1
        while start > 0 {
            if signs.contains(words[start - 1].plain), start > 1 {
                start -= 2
            } else if isSpelled(words[start]), isSpelled(words[start - 1]) {
                start -= 1
            } else {
                break
            }
        }
        return start
    }

    private static func isSpelled(_ word: TextWord) -> Bool { word.plain.count == 1 || word.digits != nil }
}
