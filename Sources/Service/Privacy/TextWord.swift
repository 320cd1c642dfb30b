/// Letters and digits without a gap.
struct TextWord: Sendable {
    let range: Range<String.Index>
    /// In lower case.
    let plain: String
    /// What it is if it is all digits, of any script.
    let digits: String?

    static func all(in text: String) -> [TextWord] {
        var words: [TextWord] = []
        var start: String.Index?
        for index in text.indices {
            let isOfWord = text[index].isLetter || text[index].isNumber
            if isOfWord, start == nil { start = index }
            if !isOfWord, let from = start {
                words.append(TextWord(text, from..<index))
                start = nil
            }
        }
        if let start { words.append(TextWord(text, start..<text.endIndex)) }
        return words
    }

    private init(_ text: String, _ range: Range<String.Index>) {
        self.range = range
        plain = text[range].lowercased()
        var digits = ""
        for character in text[range] {
            guard let value = character.wholeNumberValue, (0...9).contains(value) else {
                self.digits = nil
                return
            }
            digits += "\(value)"
        }
        self.digits = digits
    }
}
