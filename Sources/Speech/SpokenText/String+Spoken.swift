extension String {
    /// Replaces what `regex` finds, except right after a character that makes it a part of something else.
    mutating func replace<Output>(
        _ regex: Regex<Output>, unlessAfter belongs: (Character) -> Bool, with spoken: (Regex<Output>.Match) -> String
    ) {
        let original = self
        replace(regex) { match in
            let start = match.range.lowerBound
            let before = start > original.startIndex ? original[original.index(before: start)] : nil
            return before.map(belongs) == true ? String(original[match.range]) : spoken(match)
        }
    }
}

extension Character {
    /// Whether it is a part of a word or a number.
    var isOfWord: Bool { isLetter || isNumber || self == "_" }
}
