import Learning
import Networking
import Testing

@testable import Agent

@Suite("Understanding by what sentences mean")
struct SentenceMeaningsTests {
    /// Knows two subjects by a word each, and counts what it is asked.
    private final class Encoder: SentenceEncoder {
        let dimensions = 3
        let asked = Lock<[String]>([])
        let isBroken = Lock(false)

        func vectors(of sentences: [String]) -> [[Float]]? {
            asked.withLock { $0 += sentences }
            guard !isBroken.withLock({ $0 }) else { return nil }
            return sentences.map {
                $0.contains("lorry") || $0.contains("truck") ? [1, 0, 0] : $0.contains("tea") ? [0, 1, 0] : [0, 0, 1]
            }
        }
    }

    private static let examples = [
        ("vehicle", "where is lorry"), ("vehicle", "wash lorry"), ("vehicle", "sell my lorry"),
        ("drink", "make tea"), ("drink", "pour me tea"), ("drink", "more tea"),
    ].map { IntentExample(intent: $0, words: $1.split(separator: " ").map(String.init)) }

    @Test("a word that no example has is understood by a model that knows it, and not without")
    func meaning() {
        let meanings = SentenceMeanings(Encoder())
        let classifier = IntentClassifier(training: Self.examples, temperature: 1, meanings: meanings)
        #expect(classifier.likeliest(["truck"]).intent == "vehicle")
        #expect(classifier.likeliest(["tea"]).intent == "drink")
    }

    @Test("a model that fails leaves the words, before as after learning")
    func failure() {
        let encoder = Encoder()
        let words = IntentClassifier(training: Self.examples, temperature: 1)
        let learned = IntentClassifier(
            training: Self.examples, temperature: 1, meanings: SentenceMeanings(encoder, limit: 1))
        encoder.isBroken.withLock { $0 = true }
        #expect(learned.probabilities(of: ["my", "lorry"]) == words.probabilities(of: ["my", "lorry"]))
        let never = IntentClassifier(
            training: Self.examples, temperature: 1, meanings: SentenceMeanings(encoder))
        #expect(never.probabilities(of: ["my", "lorry"]) == words.probabilities(of: ["my", "lorry"]))
    }

    @Test("a sentence is asked for once, until so many others were that it is forgotten")
    func memory() {
        let encoder = Encoder()
        let meanings = SentenceMeanings(encoder, limit: 2)
        func ask(_ word: String) { #expect(meanings.vector(of: [word]) != nil) }
        ask("a")
        ask("a")
        ask("b")
        #expect(encoder.asked.withLock { $0 } == ["a", "b"])
        // The third begins a generation; those of the last one are still known, and saved by being asked for.
        ask("c")
        ask("a")
        #expect(encoder.asked.withLock { $0 } == ["a", "b", "c"])
        ask("d")
        ask("b")
        #expect(encoder.asked.withLock { $0 } == ["a", "b", "c", "d", "b"])
        #expect(meanings.vectors(of: [["a"], ["e"], ["a"]])?.count == 3)
        // What must not be kept is asked for again.
        encoder.asked.withLock { $0 = [] }
        #expect(meanings.vector(of: ["f"], remembers: false) != nil)
        ask("f")
        #expect(encoder.asked.withLock { $0 } == ["f", "f"])
    }

    @Test("learning tells apart what lines can tell apart, the same every time")
    func regression() {
        var random = SeededGenerator(seed: 1)
        func row(_ label: Int) -> DenseRegression.Row {
            var vector = (0..<8).map { _ in Float.random(in: -0.2...0.2, using: &random) }
            vector[label] += 0.8
            return DenseRegression.Row(vector: vector, label: label)
        }
        let rows = (0..<300).map { row($0 % 3) }
        func learn() -> DenseRegression {
            var chance = SeededGenerator(seed: 2)
            return DenseRegression(rows, dimensions: 8, labelCount: 3, using: &chance)
        }
        let (first, second) = (learn(), learn())
        for row in (0..<60).map({ row($0 % 3) }) {
            let logits = first.logits(of: row.vector)
            #expect(logits == second.logits(of: row.vector))
            #expect(logits.indices.max { logits[$0] < logits[$1] } == row.label)
        }
    }

    @Test("nearness is the mean of the nearest of each label, and 0 where there are none")
    func nearness() {
        let rows = [([1, 0], 0), ([0.8, 0.6], 0), ([0, 1], 1)].map { DenseRegression.Row(vector: $0, label: $1) }
        let vectors = LabelledVectors(rows, dimensions: 2, labelCount: 3)
        let near = vectors.nearness(to: [1, 0], count: 2)
        #expect(abs(near[0] - 0.9) < 1e-6)
        #expect(near[1] == 0 && near[2] == 0)
        #expect(vectors.nearness(to: [1, 0], count: 1)[0] == 1)
        #expect(vectors.nearness(to: [0.6, 0.8], count: 1)[0] > 0.95)
    }
}
