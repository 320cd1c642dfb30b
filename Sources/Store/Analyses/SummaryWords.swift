/// The words of a summary as they are stored and searched for: small, without accents, each after a space.
enum SummaryWords {
    /// - Returns: nil for a text without words.
    static func stored(_ text: String?) -> String? {
        guard let text else { return nil }
        let words = folded(text)
        return words.isEmpty ? nil : " " + words.joined(separator: " ")
    }

    /// What must stand in the stored text for each word that somebody typed; its beginning is enough.
    static func wanted(_ text: String) -> [String] { folded(text).prefix(WordQuery.mostWords).map { " " + $0 } }

    private static func folded(_ text: String) -> [String] {
        text.unicodeScalars.split { !WordQuery.isOfWord($0) }
            .flatMap { WordQuery.folded(String(String.UnicodeScalarView($0))) }
    }
}
