/// How likely the likeliest word is that begins with given letters.
///
/// A word's likelihood is known when it is complete; until then this stands in for it, so that a text that has written
/// half of a likely word is not behind one that has not begun it.
struct WordBeginnings: Sendable {
    private var best: [[UInt8]: Double] = [:]

    /// - Parameter words: letters with natural logarithms of their probabilities.
    init(_ words: some Sequence<(word: [UInt8], logarithm: Double)>) {
        for (word, logarithm) in words {
            for count in 1..<max(word.count + 1, 1) {
                let beginning = Array(word[..<count])
                best[beginning] = max(best[beginning] ?? -.infinity, logarithm)
            }
        }
    }

    /// Natural logarithm, or nil where no word begins so.
    subscript(letters: [UInt8]) -> Double? { best[letters] }
}
