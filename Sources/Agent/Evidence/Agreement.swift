/// Whether a caller's words are a plain yes. In doubt they are not: then the agent asks once more.
enum Agreement {
    private static let yes: Set<String> = [
        "yes", "yeah", "yep", "yup", "sure", "certainly", "absolutely", "definitely", "correct", "exactly", "okay",
        "ok",
        "agreed", "perfect", "please",
    ]
    private static let phrases = [
        "go ahead", "do it", "that is right", "that is correct", "that is fine", "sounds good", "of course",
        "all right",
        "please do", "book it", "send it", "i agree", "i confirm",
    ]
    /// Any of these makes it something else.
    private static let objections: Set<String> = [
        "no", "not", "nope", "nah", "never", "wrong", "wait", "but", "instead", "stop", "change", "actually", "rather",
        "except", "first", "unless", "if", "what", "why", "who", "how", "when", "which",
    ]

    /// - Parameter language: what whoever answers was asked in.
    static func isIn(_ text: String, language: SpokenLanguage = .english) -> Bool {
        switch language {
        case .english: isEnglish(text)
        case .spanish: SpanishAnswer.agrees(text)
        }
    }

    private static func isEnglish(_ text: String) -> Bool {
        let words = SpokenText.essential(SpokenText.words(text))
        guard !words.isEmpty, words.count <= 14, !words.contains(where: objections.contains) else { return false }
        let line = " " + words.joined(separator: " ") + " "
        if phrases.contains(where: { line.contains(" \($0) ") }) { return true }
        // "please" agrees only where nothing is asked for with it.
        let agreeing = words.filter(yes.contains)
        return agreeing.contains { $0 != "please" } || (agreeing.count == words.count && !agreeing.isEmpty)
    }
}
