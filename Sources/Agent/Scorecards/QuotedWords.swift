/// Finds words in words: what a phrase or a quote is looked for by.
enum QuotedWords {
    /// A shorter quote stands in too many places to prove anything, unless it is all that was said.
    private static let fewest = 3

    /// Whether `wanted` stands in `line` without anything in between; nothing stands nowhere.
    static func contains(_ wanted: [String], in line: [String]) -> Bool {
        guard !wanted.isEmpty, wanted.count <= line.count else { return false }
        return (0...(line.count - wanted.count)).contains { line[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    /// Why a quote proves nothing of a text; nil when it stands there, word for word.
    static func objection(to quote: String, in text: String) -> String? {
        let (wanted, line) = (SpokenText.words(quote), SpokenText.words(text))
        guard contains(wanted, in: line) else { return "does not stand in that turn" }
        return wanted.count >= fewest || wanted.count == line.count ? nil : "is too short to prove anything"
    }
}
