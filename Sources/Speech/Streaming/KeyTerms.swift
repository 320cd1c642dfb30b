/// The words of a task that a vendor is told to listen for, within the vendors' bound of 500 tokens.
enum KeyTerms {
    /// - Parameter configured: come first.
    static func of(_ vocabulary: SpeechVocabulary, first configured: [String], limit: Int = 100) -> [String] {
        let special = vocabulary.pronunciations.keys.sorted()
        // Long lists (first names, every date) bias nothing, so only a task's own short ones are worth their tokens.
        let named = vocabulary.classes.sorted { $0.key < $1.key }
            .filter { !generalClasses.contains($0.key) && $0.value.count <= 40 }
            .flatMap(\.value).filter { !$0.contains("{") }
        var seen: Set<String> = []
        var tokens = 0
        var terms: [String] = []
        for term in configured + special + named where !term.isEmpty && seen.insert(term).inserted {
            // About four letters a token, and never less than one a word.
            tokens += term.split(separator: " ").reduce(0) { $0 + $1.utf8.count / 4 + 1 }
            guard tokens <= 400, terms.count < limit else { break }
            terms.append(term)
        }
        return terms
    }

    /// Classes that every English recognizer knows by heart.
    private static let generalClasses: Set<String> = [
        "date", "time", "number", "digit", "digits", "day", "weekday", "month", "hour", "minute", "ordinal", "yes",
        "no",
    ]
}
