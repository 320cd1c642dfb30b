/// A back-off language model of three words.
///
/// Each history keeps the share ``Smoothing/bigram`` or ``Smoothing/trigram`` for what the examples say after it and
/// leaves the rest to the next shorter history (Jelinek-Mercer). A few hand-written examples say which words follow
/// each other, not how often, so estimators that trust count statistics (Good-Turing, Kneser-Ney) have nothing to stand
/// on here. The shortest history mixes the task's words with general English, so that any known word is possible
/// anywhere at a price, and general English says which of them follow each other: held-out wordings come through, and
/// speech that is not the task's is decoded as what it is.
struct TrigramModel: Sendable {
    struct Smoothing: Sendable, Hashable {
        /// Share of the examples after two known words, 0..<1.
        var trigram = 0.7
        /// Share of the examples after one known word, 0..<1.
        var bigram = 0.7
        /// Share of general English in the words themselves, 0..<1.
        var background = 0.1
        /// Share of general English in what follows a word, of that which the examples leave, 0..<1.
        var backgroundPair = 0.3
        /// Pairs and triples rarer than this in a sentence are left to the shorter history.
        var cutoff = 2e-6
    }

    let words: [String]
    /// By word number; zero for `<s>` and for symbols of classes.
    let unigrams: [Double]
    /// Probability of the last word after the first.
    let bigrams: [NGram: Double]
    /// Probability of the last word after the first two.
    let trigrams: [NGram: Double]
    /// By word number: what the probability after no history is multiplied with after this one, where no pair is known.
    let bigramBackoffs: [Int: Double]
    /// By pair: likewise for triples.
    let trigramBackoffs: [NGram: Double]

    /// - Parameters:
    ///   - counts: of one sentence on average.
    ///   - background: general English by word number; need not sum to one.
    ///   - backgroundPairs: general English's probability of the second word after the first, for the pairs that tell
    ///     the most; sums to at most one for each first word.
    init(
        grammar: SentenceGrammar, counts: NGramCounts, background: [Int: Double],
        backgroundPairs: [NGram: Double] = [:], smoothing: Smoothing
    ) {
        let spelled = SpelledCounts(counts, grammar: grammar, cutoff: smoothing.cutoff)
        let total = spelled.unigrams.values.reduce(0, +)
        let general = background.values.reduce(0, +)
        let share = general > 0 ? smoothing.background : 0
        let unigrams = grammar.words.indices.map { word in
            (1 - share) * spelled.unigrams[word, default: 0] / total
                + (general > 0 ? share * background[word, default: 0] / general : 0)
        }

        var bigrams: [NGram: Double] = [:]
        bigrams.reserveCapacity(spelled.bigrams.count)
        var known: [Int: (mass: Double, shorter: Double)] = [:]
        var pairTotals: [Int: Double] = [:]
        for (key, probability) in backgroundPairs { pairTotals[key.words.1, default: 0] += probability }
        func add(_ key: NGram, count: Double) {
            let history = key.words.1
            let isInTask = spelled.bigramTotals[history] != nil
            let trust = isInTask ? smoothing.bigram : 0
            let general = smoothing.backgroundPair
            let shorter =
                (1 - general * pairTotals[history, default: 0]) * unigrams[key.last]
                + general * backgroundPairs[key, default: 0]
            let probability = trust * count / spelled.bigramTotals[history, default: 1] + (1 - trust) * shorter
            bigrams[key] = probability
            let sums = known[history, default: (0, 0)]
            known[history] = (sums.mass + probability, sums.shorter + unigrams[key.last])
        }
        for (key, count) in spelled.bigrams { add(key, count: count) }
        for key in backgroundPairs.keys where spelled.bigrams[key] == nil { add(key, count: 0) }
        let bigramBackoffs = known.mapValues { Self.backoff($0.mass, $0.shorter) }

        var trigrams: [NGram: Double] = [:]
        trigrams.reserveCapacity(spelled.trigrams.count)
        var knownPairs: [NGram: (mass: Double, shorter: Double)] = [:]
        for (key, count) in spelled.trigrams {
            let (first, second, third) = key.words
            let history = NGram(first, second)
            // A triple needs its history among the pairs.
            guard bigrams[history] != nil else { continue }
            let shorter =
                bigrams[NGram(second, third)] ?? bigramBackoffs[second, default: 1] * unigrams[third]
            let probability =
                smoothing.trigram * count / spelled.trigramTotals[history, default: 1]
                + (1 - smoothing.trigram) * shorter
            trigrams[key] = probability
            let sums = knownPairs[history, default: (0, 0)]
            knownPairs[history] = (sums.mass + probability, sums.shorter + shorter)
        }

        words = grammar.words
        self.unigrams = unigrams
        self.bigrams = bigrams
        self.bigramBackoffs = bigramBackoffs
        self.trigrams = trigrams
        trigramBackoffs = knownPairs.mapValues { Self.backoff($0.mass, $0.shorter) }
    }

    /// Probability of `word` after `history` (one or two words, the last one last).
    func probability(of word: Int, after history: [Int]) -> Double {
        if history.count == 2 {
            if let known = trigrams[NGram(history[0], history[1], word)] { return known }
            let backoff = trigramBackoffs[NGram(history[0], history[1]), default: 1]
            return backoff * probability(of: word, after: [history[1]])
        }
        if let known = bigrams[NGram(history[0], word)] { return known }
        return bigramBackoffs[history[0], default: 1] * unigrams[word]
    }

    /// What is left for unknown words, over what the shorter history gives them.
    private static func backoff(_ known: Double, _ shorter: Double) -> Double {
        shorter < 1 - 1e-9 ? max(1 - known, 1e-9) / (1 - shorter) : 1e-9
    }
}
