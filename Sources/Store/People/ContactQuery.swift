/// Whom somebody looks for among those who are known. A value.
package enum ContactQuery: Sendable, Equatable {
    case everybody
    /// Those whose number holds these digits.
    case number(String)
    /// Those of whom something is known that holds this text, in small letters as far as they are ASCII.
    case text(String)

    /// - Parameter words: as people type them: a part of a number in any writing, or of a name or whatever is known.
    package init(_ words: String?) {
        let words = (words ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let digits = words.filter(Self.isDigit)
        if words.isEmpty {
            self = .everybody
        } else if !digits.isEmpty, words.allSatisfy({ Self.isDigit($0) || " +()-./".contains($0) }) {
            self = .number(digits)
        } else {
            self = .text(String(words.map { $0.isASCII ? Character($0.lowercased()) : $0 }))
        }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
