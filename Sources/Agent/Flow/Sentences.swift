/// Cuts text where a speaker takes breath.
enum Sentences {
    /// The sentences of `text`, in order; their concatenation with single spaces is `text`.
    static func split(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            current += current.isEmpty ? String(word) : " " + word
            if let last = word.last(where: { !"\"')".contains($0) }), ".?!".contains(last), !isAbbreviation(word) {
                sentences.append(current)
                current = ""
            }
        }
        return current.isEmpty ? sentences : sentences + [current]
    }

    private static func isAbbreviation(_ word: Substring) -> Bool {
        ["Dr.", "Mr.", "Mrs.", "Ms.", "St.", "No.", "a.m.", "p.m.", "e.g.", "i.e."].contains(String(word))
    }
}
