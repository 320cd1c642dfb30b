/// Written text as callers say it: lower-case words, digits as words, no punctuation.
enum PlainWords {
    /// - Parameter locale: of the digits' words.
    static func of(_ text: String, locale: SpeechLocale = .english) -> String {
        let spoken = text.contains(where: \.isNumber) ? SpeakableText.make(from: text, locale: locale) : text
        var words = ""
        for character in spoken.lowercased() {
            if character.isLetter || character.isNumber {
                words.append(character)
            } else if character == "'" || character == "\u{2019}" {
                // "it's", but not a quotation mark.
                if words.last?.isLetter == true { words.append("'") }
            } else if words.last != " " {
                words.append(" ")
            }
        }
        return words.split(separator: " ").map { $0.last == "'" ? String($0.dropLast()) : String($0) }
            .joined(separator: " ")
    }
}
