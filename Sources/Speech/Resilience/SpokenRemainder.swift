/// What of a text is still to be said when its audio broke off.
///
/// Audio carries no marks of its words everywhere, so the place is estimated from the pace of the voice, and put a little
/// earlier: a word said twice does less harm than one left out.
enum SpokenRemainder {
    /// - Parameters:
    ///   - spoken: length of the audio that came.
    ///   - pace: length of the audio of one character.
    /// - Returns: empty when nothing is left.
    static func of(_ text: String, spoken: Duration, pace: Duration) -> String {
        guard pace > .zero else { return text }
        let estimate = spoken / pace
        if estimate >= Double(text.count) * 0.97 { return "" }
        let limit = Int(estimate * 0.9)
        // Back to the beginning of the clause if that is near, else to that of the word.
        var word = text.startIndex
        var clause = text.startIndex
        var distance = 0
        var clauseDistance = 0
        var before: Character?
        for index in text.indices {
            if distance > limit { break }
            if before == " " {
                word = index
                let end = text[..<text.index(before: index)].last
                if let end, ",;:.!?".contains(end) {
                    clause = index
                    clauseDistance = distance
                }
            }
            before = text[index]
            distance += 1
        }
        let start = limit - clauseDistance <= nearClause ? clause : word
        return String(text[start...])
    }

    /// In characters.
    private static let nearClause = 30
}
