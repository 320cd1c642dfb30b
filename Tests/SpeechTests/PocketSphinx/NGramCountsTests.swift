import Testing

@testable import Speech

@Suite("N-gram counts")
struct NGramCountsTests {
    private let classes = [
        "day": ["monday", "tuesday morning", "tuesday morning"], "span": ["from {day} to {day}", "{day}"],
    ]

    private func counts(_ sentence: String, weight: Double = 1) throws -> (NGramCounts, SentenceGrammar) {
        let grammar = try SentenceGrammar(
            SpeechVocabulary(contexts: [.init(name: "open", sentences: [sentence])], classes: classes))
        var counts = NGramCounts()
        for sentence in grammar.contexts[0].sentences { counts.add(sentence.value, weight: weight, in: grammar) }
        return (counts, grammar)
    }

    /// Every way to say `elements`, with its probability.
    private func expansions(
        _ elements: ArraySlice<SentenceGrammar.Element>, in grammar: SentenceGrammar
    ) -> [(words: [Int], weight: Double)] {
        guard let first = elements.first else { return [([], 1)] }
        let rest = expansions(elements.dropFirst(), in: grammar)
        let starts: [(words: [Int], weight: Double)] =
            switch first {
            case .word(let word): [([word], 1)]
            case .anyOf(let index):
                grammar.classes[index].flatMap { form in
                    expansions(form.value[...], in: grammar).map { ($0.words, $0.weight * form.weight) }
                }
            }
        return starts.flatMap { start in rest.map { (start.words + $0.words, start.weight * $0.weight) } }
    }

    @Test(
        "are those of all expansions of the sentence, each counted by its probability",
        arguments: ["hello", "are you open on {day}", "{day} {day}", "i am away {span} and {span} again"])
    func matchesExpansions(sentence: String) throws {
        let (counts, grammar) = try counts(sentence, weight: 2)
        var unigrams: [Int: Double] = [:]
        var bigrams: [NGram: Double] = [:]
        var trigrams: [NGram: Double] = [:]
        for (words, weight) in expansions(grammar.contexts[0].sentences[0].value[...], in: grammar) {
            let said = [SentenceGrammar.start] + words + [SentenceGrammar.end]
            for index in said.indices.dropFirst() {
                unigrams[said[index], default: 0] += 2 * weight
                bigrams[NGram(said[index - 1], said[index]), default: 0] += 2 * weight
                if index > 1 {
                    trigrams[NGram(said[index - 2], said[index - 1], said[index]), default: 0] += 2 * weight
                }
            }
        }
        #expect(Self.isClose(counts.unigrams, unigrams))
        #expect(Self.isClose(counts.bigrams, bigrams))
        #expect(Self.isClose(counts.trigrams, trigrams))
    }

    @Test("add up in proportion")
    func sums() throws {
        let (counts, grammar) = try counts("on {day}")
        var sum = NGramCounts()
        sum.add(counts, weight: 0.5)
        sum.add(counts, weight: 0.25)
        #expect(Self.isClose(sum.unigrams, counts.unigrams.mapValues { $0 * 0.75 }))
        #expect(Self.isClose(sum.bigrams, counts.bigrams.mapValues { $0 * 0.75 }))
        #expect(Self.isClose(sum.trigrams, counts.trigrams.mapValues { $0 * 0.75 }))
        #expect(abs(sum.unigrams[SentenceGrammar.end, default: 0] - 0.75) < 1e-12)
        #expect(grammar.contexts.count == 1)
    }

    @Test("a packed n-gram gives its words back", arguments: [(0, 1, 2), (0xfffff, 0, 0xfffff), (7, 0xfffff, 1)])
    func packing(first: Int, second: Int, third: Int) {
        let triple = NGram(first, second, third)
        #expect(triple.words == (first, second, third))
        #expect(triple.last == third)
        #expect(triple.history == UInt64(first) << 20 | UInt64(second))
        #expect(triple.suffix == NGram(second, third).history << 20 | UInt64(third))
    }

    private static func isClose<Key>(_ a: [Key: Double], _ b: [Key: Double]) -> Bool {
        a.count == b.count && a.allSatisfy { key, value in b[key].map { abs($0 - value) < 1e-9 } ?? false }
    }
}
