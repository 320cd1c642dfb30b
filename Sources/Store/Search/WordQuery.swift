/// What somebody typed to find words by, as a query of the full-text index.
///
/// Each word is quoted, so that nothing in it is read as the index's own language, and all of them must be in one turn; of
/// the last one the beginning is enough, since it may still be being typed.
struct WordQuery: Sendable, Equatable {
    /// More are not looked for: nobody types them, and each costs a look into the index.
    static let mostWords = 32

    let match: String

    /// - Returns: nil when `text` has no word.
    init?(_ text: String) {
        // By scalars: a quotation mark may be one character with a letter behind it.
        let words = text.unicodeScalars.split { !Self.isOfWord($0) }.prefix(Self.mostWords)
        guard !words.isEmpty else { return nil }
        match = words.map { "\"\(String(String.UnicodeScalarView($0)))\"" }.joined(separator: " ") + "*"
    }

    /// What the tokenizer takes for a part of a word: letters, digits and what stands on them.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}
