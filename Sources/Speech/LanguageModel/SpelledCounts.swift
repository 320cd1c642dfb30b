/// N-gram counts with the symbols of large classes replaced by the classes' words.
struct SpelledCounts: Sendable {
    private(set) var unigrams: [Int: Double] = [:]
    private(set) var bigrams: [NGram: Double] = [:]
    private(set) var trigrams: [NGram: Double] = [:]
    /// How often a word stands before another one, rare pairs included.
    private(set) var bigramTotals: [Int: Double] = [:]
    /// How often a pair stands before a word, rare triples included.
    private(set) var trigramTotals: [NGram: Double] = [:]

    /// - Parameter cutoff: what is rarer is left out, but counted in the totals.
    init(_ counts: NGramCounts, grammar: SentenceGrammar, cutoff: Double) {
        func spell(_ number: Int) -> [SentenceGrammar.Weighted<Int>] {
            grammar.members[number] ?? [.init(value: number, weight: 1)]
        }
        for (symbol, count) in counts.unigrams {
            for word in spell(symbol) { unigrams[word.value, default: 0] += count * word.weight }
        }
        for (key, count) in counts.bigrams {
            let (_, first, second) = key.words
            for one in spell(first) {
                bigramTotals[one.value, default: 0] += count * one.weight
                for two in spell(second) {
                    let share = count * one.weight * two.weight
                    if share >= cutoff { bigrams[NGram(one.value, two.value), default: 0] += share }
                }
            }
        }
        for (key, count) in counts.trigrams {
            let (first, second, third) = key.words
            // Of the pairs of two large classes there are too many to be told apart by what follows.
            guard grammar.members[first] == nil || grammar.members[second] == nil else { continue }
            for one in spell(first) {
                for two in spell(second) {
                    let history = count * one.weight * two.weight
                    trigramTotals[NGram(one.value, two.value), default: 0] += history
                    // What follows one large class and is another is left to the pairs.
                    let symbols = [first, second, third].count { grammar.members[$0] != nil }
                    guard symbols < 2 else { continue }
                    for three in spell(third) where history * three.weight >= cutoff {
                        trigrams[NGram(one.value, two.value, three.value), default: 0] += history * three.weight
                    }
                }
            }
        }
    }
}
