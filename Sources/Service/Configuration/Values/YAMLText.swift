/// Writes texts so that YAML reads the same text back.
enum YAMLText {
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.first.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "/" || $0 == "$" || $0 == "<") } == true
            && text.allSatisfy { $0.isASCII && !$0.isNewline && !"#\"\\`".contains($0) } && !text.contains(": ")
            && text.last != ":" && text.last != " "
        if isPlain { return text }
        let escaped = text.flatMap { character -> String in
            switch character {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(character)
            }
        }
        return "\"\(String(escaped))\""
    }
}
