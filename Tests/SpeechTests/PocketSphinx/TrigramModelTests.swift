import Testing

@testable import Speech

@Suite("Trigram model")
struct TrigramModelTests {
    /// Numbers of words, and a model of a few sentences in front of a little general English.
    private struct Task {
        var grammar: SentenceGrammar
        let model: TrigramModel

        /// - Parameter pairs: what general English knows of what follows what.
        init(pairs: [(String, String, Double)] = []) throws {
            grammar = try SentenceGrammar(
                SpeechVocabulary(
                    contexts: [
                        .init(
                            name: "open",
                            sentences: [
                                "set it to {number}", "set it to {number} please", "i am {name} {name}",
                                "is it on {day}",
                            ])
                    ],
                    classes: [
                        "number": ["seventy", "seventy two"], "day": ["monday"],
                        "name": (0..<50).map { "name\($0)" },
                    ]))
            var counts = NGramCounts()
            for sentence in grammar.contexts[0].sentences {
                counts.add(sentence.value, weight: sentence.weight, in: grammar)
            }
            let background = [grammar.number(of: "the"): 0.05, grammar.number(of: "it"): 0.01]
            var general: [NGram: Double] = [:]
            for (first, second, probability) in pairs {
                general[NGram(grammar.number(of: first), grammar.number(of: second))] = probability
            }
            model = TrigramModel(
                grammar: grammar, counts: counts, background: background, backgroundPairs: general,
                smoothing: .init(background: 0.1, backgroundPair: 0.3))
        }

        mutating func probability(_ word: String, after history: String...) -> Double {
            model.probability(of: grammar.number(of: word), after: history.map { grammar.number(of: $0) })
        }

        mutating func sum(after history: [String]) -> Double {
            let numbers = history.map { grammar.number(of: $0) }
            return model.words.indices.dropFirst().reduce(0) { $0 + model.probability(of: $1, after: numbers) }
        }
    }

    @Test(
        "the probabilities after any history add up to one",
        arguments: [
            ["<s>"], ["it"], ["seventy"], ["name7"], ["the"], ["<s>", "set"], ["set", "it"], ["to", "seventy"],
            ["seventy", "two"], ["i", "am"], ["am", "name7"], ["name7", "name8"], ["the", "it"], ["the", "the"],
            ["monday", "set"],
        ])
    func sumsToOne(history: [String]) throws {
        var task = try Task()
        #expect(abs(task.sum(after: history) - 1) < 1e-6)
        task = try Task(pairs: [("the", "it", 0.6), ("the", "monday", 0.3), ("it", "the", 0.5), ("it", "to", 0.2)])
        #expect(abs(task.sum(after: history) - 1) < 1e-6)
    }

    @Test("pairs of general English are likelier than their words alone, and what the examples say stays ahead")
    func generalPairs() throws {
        var plain = try Task()
        var general = try Task(pairs: [("the", "monday", 0.6), ("it", "the", 0.5)])
        #expect(general.probability("monday", after: "the") > 5 * plain.probability("monday", after: "the"))
        #expect(general.probability("the", after: "set", "it") > plain.probability("the", after: "set", "it"))
        #expect(general.probability("to", after: "set", "it") > 0.7)
        #expect(general.probability("to", after: "it") > 3 * general.probability("the", after: "it"))
    }

    @Test("boundaries that begin and symbols of classes are never spoken")
    func unspoken() throws {
        var task = try Task()
        #expect(task.model.unigrams[SentenceGrammar.start] == 0)
        #expect(task.model.unigrams[task.grammar.number(of: "{name}")] == 0)
        #expect(abs(task.model.unigrams.reduce(0, +) - 1) < 1e-9)
    }

    @Test("a triple that was not seen is backed off to the pair, a pair to the word")
    func backOff() throws {
        var task = try Task()
        let pair = NGram(task.grammar.number(of: "it"), task.grammar.number(of: "on"))
        let history = NGram(task.grammar.number(of: "set"), task.grammar.number(of: "it"))
        let known = try #require(task.model.bigrams[pair])
        let backoff = try #require(task.model.trigramBackoffs[history])
        #expect(backoff < 1)
        #expect(abs(task.probability("on", after: "set", "it") - backoff * known) < 1e-12)

        let shorter = try #require(task.model.bigramBackoffs[task.grammar.number(of: "it")])
        let the = task.model.unigrams[task.grammar.number(of: "the")]
        #expect(abs(task.probability("the", after: "it") - shorter * the) < 1e-12)
        #expect(abs(task.probability("the", after: "set", "it") - backoff * shorter * the) < 1e-12)
    }

    @Test("what the examples say is likelier than what they do not, and any known word is possible anywhere")
    func order() throws {
        var task = try Task()
        let seen = task.probability("to", after: "set", "it")
        let elsewhere = task.probability("on", after: "set", "it")
        let strange = task.probability("the", after: "set", "it")
        #expect(seen > 0.7)
        #expect(seen > 5 * elsewhere)
        #expect(elsewhere > strange)
        #expect(strange > 0)
        #expect(task.probability("name3", after: "i", "am") > 50 * task.probability("name3", after: "set", "it"))
    }

    @Test("the file announces as many n-grams as it holds")
    func file() throws {
        let lines = try Task().model.arpa().split(separator: "\n")
        for order in 1...3 {
            let announced = try #require(lines.first { $0.hasPrefix("ngram \(order)=") }).split(separator: "=")[1]
            let start = try #require(lines.firstIndex(of: "\\\(order)-grams:")) + 1
            let held = lines[start...].prefix { !$0.hasPrefix("\\") }
            #expect(held.count == Int(announced))
            // A probability, the words, and below the highest order what to back off with.
            #expect(held.allSatisfy { $0.split(separator: " ").count == (order == 3 ? 4 : order + 2) })
        }
    }
}
