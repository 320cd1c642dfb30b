/// How far in its text a voice is, sample by sample, where an engine tells when it says what.
///
/// It is told as shares of the text, so that it holds for the text as it was written, too, of which numbers and signs were made words.
package struct SpokenPace: Sendable {
    private struct Mark: Sendable, Equatable {
        /// Of the text's audio, before the characters are said.
        var sample: Int
        /// Characters that are said then.
        var characters: Int
    }

    /// Characters that one mark stands for at most. Longer is no word of a script that parts words.
    private static let longestWord = 24

    private var marks: [Mark] = []
    /// Characters of the text.
    private let total: Int
    /// Whether the piece told last is amid a word, which the next one may go on with.
    private var isAmidWord = false

    /// A text of which nothing has been told yet.
    package init(of text: String) { total = text.count }

    package var isEmpty: Bool { marks.isEmpty || total == 0 }

    /// The next piece of the text is said at `sample`; pieces follow one another as they stand in the text. One that goes back in time
    /// or beyond the text's end is no news.
    ///
    /// Some engines tell every character. Nobody asks for less than words, so one mark is kept of each.
    package mutating func append(_ piece: some StringProtocol, endingAt sample: Int) {
        if marks.isEmpty, piece.allSatisfy(\.isWhitespace) { return }
        let before = marks.last ?? Mark(sample: 0, characters: 0)
        let mark = Mark(sample: sample, characters: before.characters + piece.count)
        guard sample >= before.sample, mark.characters <= total else { return }
        if !marks.isEmpty, sample == before.sample || goesOn(with: piece, to: mark) {
            marks[marks.count - 1] = mark
        } else {
            marks.append(mark)
        }
        if let last = piece.last { isAmidWord = !last.isWhitespace }
    }

    private func goesOn(with piece: some StringProtocol, to mark: Mark) -> Bool {
        guard isAmidWord, !piece.contains(where: \.isWhitespace) else { return false }
        let start = marks.dropLast().last?.characters ?? 0
        return mark.characters - start <= Self.longestWord
    }

    /// The share of the text, 0...1, that is said in its first `samples`.
    package func share(at samples: Int) -> Double {
        let said = marks.last { $0.sample <= samples }?.characters ?? 0
        return total > 0 ? Double(said) / Double(total) : 0
    }
}

extension SpokenPace: Equatable {
    /// What is told, not where the telling stands.
    package static func == (left: SpokenPace, right: SpokenPace) -> Bool {
        left.marks == right.marks && left.total == right.total
    }
}

/// In two lists, since a journal keeps one of every sentence.
extension SpokenPace: Codable {
    private enum CodingKeys: String, CodingKey {
        case samples, characters, total
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let samples = try container.decode([Int].self, forKey: .samples)
        let characters = try container.decode([Int].self, forKey: .characters)
        guard samples.count == characters.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .characters, in: container, debugDescription: "every sample has its characters")
        }
        total = try container.decode(Int.self, forKey: .total)
        marks = zip(samples, characters).map { Mark(sample: $0, characters: $1) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(marks.map(\.sample), forKey: .samples)
        try container.encode(marks.map(\.characters), forKey: .characters)
        try container.encode(total, forKey: .total)
    }
}
