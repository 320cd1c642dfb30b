import Emulators

/// What a caller says in ten minutes or less: utterances of words that sound can be told from, with pauses between them. Every
/// word comes once.
struct SpelledScript: Sendable {
    struct Utterance: Sendable {
        /// Samples of the leg.
        let start: Int
        let numbers: Range<Int>
        var end: Int { start + numbers.count * SpelledSpeech.wordLength }
    }

    private(set) var utterances: [Utterance] = []
    /// Samples.
    let length: Int

    /// - Parameter seed: other lengths and pauses with each.
    init(length: Int, seed: UInt64) {
        self.length = length
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ range: ClosedRange<Int>) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return range.lowerBound + Int(state % UInt64(range.count))
        }
        var (position, next) = (4000, 0)
        while true {
            // 0.3 to 7.2 s, then 1.2 to 4 s.
            let count = random(1...24)
            let end = position + count * SpelledSpeech.wordLength
            guard end + 24_000 <= length, next + count <= SpelledSpeech.vocabulary else { return }
            utterances.append(Utterance(start: position, numbers: next..<next + count))
            next += count
            position = end + random(9600...32_000)
        }
    }

    var words: [String] { utterances.flatMap(\.numbers).map(SpelledSpeech.name) }

    /// The frame of 20 ms at `position`.
    func frame(at position: Int) -> [UInt8] {
        guard let utterance = utterances.last(where: { $0.start < position + 160 }), position < utterance.end else {
            return [UInt8](repeating: 0xFF, count: 160)
        }
        // 160 samples are in two words at most.
        let first = utterance.numbers.lowerBound + max(position - utterance.start, 0) / SpelledSpeech.wordLength
        let words = [SpelledSpeech.audio(of: first), SpelledSpeech.audio(of: first + 1)]
        return (position..<position + 160).map { sample in
            let offset = sample - utterance.start
            guard offset >= 0, sample < utterance.end else { return 0xFF }
            let number = utterance.numbers.lowerBound + offset / SpelledSpeech.wordLength
            return words[number - first][offset % SpelledSpeech.wordLength]
        }
    }
}

/// What of a script came, and how often.
struct HeardWords: Sendable, CustomStringConvertible {
    let lost: [String]
    let doubled: [String]
    /// Whether all words came once, in order.
    let isWhole: Bool
    private let count: Int

    init(_ heard: [String], of script: SpelledScript) {
        let words = script.words
        let counts = Dictionary(heard.map { ($0, 1) }, uniquingKeysWith: +)
        lost = words.filter { counts[$0] == nil }
        doubled = counts.filter { $0.value > 1 }.keys.sorted()
        isWhole = heard == words
        count = words.count
    }

    var description: String { "\(count) words, \(lost.count) lost, \(doubled.count) doubled" }
}
