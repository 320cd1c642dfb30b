/// Words in a text with their sounds beside them, between the signs that Unicode has for it (The Unicode Standard, 23.8):
/// U+FFF9, the word, U+FFFA, its sounds in the International Phonetic Alphabet, U+FFFB.
enum InterlinearAnnotation {
    private static let anchor: Unicode.Scalar = "\u{FFF9}"
    private static let separator: Unicode.Scalar = "\u{FFFA}"
    private static let terminator: Unicode.Scalar = "\u{FFFB}"

    static func mark(_ word: String, sounds: String) -> String {
        "\(anchor)\(word)\(separator)\(sounds)\(terminator)"
    }

    /// The words without their sounds, for engines that cannot read those.
    static func plain(_ text: String) -> String { rewritten(text, words: { $0 }, annotated: { word, _ in word }) }

    /// The end of `text` whose words are `words`; those alone where they begin amid a word that has sounds.
    static func end(of text: String, saying words: String) -> String {
        guard text.unicodeScalars.contains(anchor) else { return words }
        return text.indices.lazy.map { String(text[$0...]) }.first { plain($0) == words } ?? words
    }

    /// As SSML's element `phoneme` (W3C, SSML 1.1, 3.1.10), with everything else escaped; nil for a text without annotations.
    static func ssml(_ text: String) -> String? {
        guard text.unicodeScalars.contains(anchor) else { return nil }
        return rewritten(text, words: SSMLText.escaped) { word, sounds in
            "<phoneme alphabet=\"ipa\" ph=\"\(SSMLText.escaped(sounds))\">\(SSMLText.escaped(word))</phoneme>"
        }
    }

    private static func rewritten(
        _ text: String, words: (String) -> String, annotated: (_ word: String, _ sounds: String) -> String
    ) -> String {
        guard text.unicodeScalars.contains(anchor) else { return words(text) }
        var result = ""
        var rest = text.unicodeScalars[...]
        while let begin = rest.firstIndex(of: anchor), let middle = rest[begin...].firstIndex(of: separator),
            let end = rest[middle...].firstIndex(of: terminator)
        {
            result += words(String(rest[..<begin]))
            result += annotated(
                String(rest[rest.index(after: begin)..<middle]), String(rest[rest.index(after: middle)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return result + words(String(rest))
    }
}
