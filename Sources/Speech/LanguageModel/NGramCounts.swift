/// How often each word, pair and triple is expected in the sentences of a grammar, every class taken as a
/// mixture of its forms. Counts are fractions.
struct NGramCounts: Sendable {
    private(set) var unigrams: [Int: Double] = [:]
    private(set) var bigrams: [NGram: Double] = [:]
    private(set) var trigrams: [NGram: Double] = [:]

    /// Adds the expected n-grams of one sentence, as if it occurred `weight` times.
    ///
    /// Works on the distribution over the last two words instead of listing every expansion: "from {date} to {date}"
    /// with a thousand dates costs thousands of steps, not a million.
    mutating func add(_ sentence: [SentenceGrammar.Element], weight: Double, in grammar: SentenceGrammar) {
        var histories = [History(before: nil, last: SentenceGrammar.start): weight]
        for element in sentence { histories = advance(histories, over: element, in: grammar) }
        _ = advance(histories, overWord: SentenceGrammar.end)
    }

    mutating func add(_ other: NGramCounts, weight: Double) {
        for (key, count) in other.unigrams { unigrams[key, default: 0] += weight * count }
        for (key, count) in other.bigrams { bigrams[key, default: 0] += weight * count }
        for (key, count) in other.trigrams { trigrams[key, default: 0] += weight * count }
    }

    private mutating func advance(
        _ histories: [History: Double], over element: SentenceGrammar.Element, in grammar: SentenceGrammar
    ) -> [History: Double] {
        switch element {
        case .word(let word):
            return advance(histories, overWord: word)
        case .anyOf(let index):
            let forms = grammar.classes[index]
            guard !forms.isEmpty else { return histories }
            var result: [History: Double] = [:]
            for form in forms {
                var inner = histories.mapValues { $0 * form.weight }
                for element in form.value { inner = advance(inner, over: element, in: grammar) }
                result.merge(inner, uniquingKeysWith: +)
            }
            return result
        }
    }

    private mutating func advance(_ histories: [History: Double], overWord word: Int) -> [History: Double] {
        var result: [History: Double] = [:]
        for (history, weight) in histories {
            unigrams[word, default: 0] += weight
            bigrams[NGram(history.last, word), default: 0] += weight
            if let before = history.before { trigrams[NGram(before, history.last, word), default: 0] += weight }
            result[History(before: history.last, last: word), default: 0] += weight
        }
        return result
    }

    private struct History: Hashable {
        var before: Int?
        var last: Int
    }
}

/// Two or three word numbers, packed.
struct NGram: Hashable, Sendable, Comparable {
    private let packed: UInt64

    init(_ first: Int, _ second: Int) { packed = UInt64(first) << 20 | UInt64(second) }

    init(_ first: Int, _ second: Int, _ third: Int) {
        packed = UInt64(first) << 40 | UInt64(second) << 20 | UInt64(third)
    }

    /// The words before the last one.
    var history: UInt64 { packed >> 20 }
    var last: Int { Int(packed & 0xfffff) }
    /// Of three: the last two.
    var suffix: UInt64 { packed & 0xff_ffff_ffff }
    var words: (Int, Int, Int) { (Int(packed >> 40), Int(packed >> 20 & 0xfffff), Int(packed & 0xfffff)) }

    static func < (a: Self, b: Self) -> Bool { a.packed < b.packed }
}
