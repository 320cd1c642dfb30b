/// Whether a caller's words are a plain yes. In doubt they are not: then the agent asks once more.
enum Agreement {
    /// - Parameter language: what whoever answers was asked in.
    static func isIn(_ text: String, language: SpokenLanguage = .english) -> Bool {
        switch language {
        case .english: EnglishAnswer.agrees(text)
        case .spanish: SpanishAnswer.agrees(text)
        }
    }
}
