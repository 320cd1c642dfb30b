/// Whether somebody's words are a no. Words that were not heard, or not understood, are none.
enum Refusal {
    private static let refusals: Set<String> = ["no", "nope", "nah", "not", "later", "busy", "cannot"]
    /// Neither, although they hold a "not".
    private static let doubts = [
        "do not know", "not sure", "do not understand", "did not understand", "can not hear", "cannot hear",
        "could not hear", "did not hear", "did not catch", "did not get",
    ]

    static func isIn(_ text: String, language: SpokenLanguage) -> Bool {
        switch language {
        case .english:
            let words = SpokenText.essential(SpokenText.words(text))
            let line = " " + words.joined(separator: " ") + " "
            return words.contains(where: refusals.contains) && !doubts.contains { line.contains(" \($0) ") }
        case .spanish: return SpanishAnswer.refuses(text)
        }
    }
}
