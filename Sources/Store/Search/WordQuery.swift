import Foundation

/// What somebody typed to find words by, as a query of the full-text index.
///
/// Each word is quoted, so that nothing in it is read as the index's own language, and all of them must be in one turn; of
/// the last one the beginning is enough, since it may still be being typed.
struct WordQuery: Sendable, Equatable {
    /// More are not looked for: nobody types them, and each costs a look into the index.
    static let mostWords = 32

    /// In the language of FTS5.
    let match: String
    /// In the language of PostgreSQL's tsquery.
    let lexemes: String
    /// As they were typed.
    let words: [String]

    /// - Returns: nil when `text` has no word.
    init?(_ text: String) {
        // By scalars: a quotation mark may be one character with a letter behind it.
        let words = text.unicodeScalars.split { !Self.isOfWord($0) }.prefix(Self.mostWords)
        guard !words.isEmpty else { return nil }
        self.words = words.map { String(String.UnicodeScalarView($0)) }
        match = self.words.map { "\"\($0)\"" }.joined(separator: " ") + "*"
        let folded = self.words.flatMap(Self.folded)
        lexemes = folded.map { "'\($0)'" }.joined(separator: " & ") + (folded.isEmpty ? "" : ":*")
    }

    /// A word by the letters and digits it is looked for by, as the function `parley_words` has them: small, and without
    /// what stands on them. More than one where something else parts it.
    static func folded(_ word: String) -> [String] {
        word.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { !(0x300...0x36F).contains($0.value) }
            .split { !($0.properties.isAlphabetic || $0.properties.numericType != nil) }
            .map { String(String.UnicodeScalarView($0)) }
    }

    /// What the tokenizer takes for a part of a word: letters, digits and what stands on them.
    static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}
