/// How far in its text a voice is, sample by sample, where an engine tells when it says what.
///
/// It is told as shares of the text, so that it holds for the text as it was written, too, of which numbers and signs were made words.
package struct SpokenPace: Sendable, Equatable, Codable {
    private struct Mark: Sendable, Equatable, Codable {
        /// Of the text's audio, before the characters are said.
        var sample: Int
        /// Characters that are said then.
        var characters: Int
    }

    private var marks: [Mark] = []
    /// Characters of the text.
    private let total: Int

    /// A text of which nothing has been told yet.
    package init(of text: String) { total = text.count }

    package var isEmpty: Bool { marks.isEmpty || total == 0 }

    /// The next piece of the text is said at `sample`; pieces follow one another as they stand in the text. One that goes back in time
    /// or beyond the text's end is no news.
    package mutating func append(_ piece: some StringProtocol, endingAt sample: Int) {
        if marks.isEmpty, piece.allSatisfy(\.isWhitespace) { return }
        let before = marks.last ?? Mark(sample: 0, characters: 0)
        guard sample >= before.sample, before.characters + piece.count <= total else { return }
        marks.append(Mark(sample: sample, characters: before.characters + piece.count))
    }

    /// The share of the text, 0...1, that is said in its first `samples`.
    package func share(at samples: Int) -> Double {
        let said = marks.last { $0.sample <= samples }?.characters ?? 0
        return total > 0 ? Double(said) / Double(total) : 0
    }
}
