import Foundation
import Learning

/// Tells what a caller wants from the words they used: multinomial logistic regression, learned from example phrases, and
/// the nearness of those phrases in meaning. With a sentence model, whole sentences are compared; without one, their words.
///
/// One more class, ``none``, stands for everything outside the task. It is learned from sentences about other things and
/// from the task's own words in meaningless order, which is what a recognizer makes of foreign speech.
package struct IntentClassifier: Sendable {
    /// The label of sentences outside the task.
    package static let none = "none"

    /// Sorted, ``none`` last.
    package let labels: [String]
    /// Divides the logits so that probabilities are calibrated; from cross-validation.
    package let temperature: Double
    private let features: IntentFeatures
    private let neighbours: IntentNeighbours
    private let meaning: MeaningClassifier?
    private let regression: SparseRegression

    /// Learns from `examples` and calibrates by cross-validation on them.
    ///
    /// - Parameters:
    ///   - meanings: what sentences mean, where there is a model for it.
    ///   - folds: parts of the cross-validation; 1 leaves the probabilities uncalibrated.
    package init(examples: [IntentExample], meanings: SentenceMeanings? = nil, folds: Int = 5) {
        let temperature =
            folds > 1
            ? IntentCrossValidation(examples: examples, folds: folds, limit: Self.calibrationLimit, meanings: meanings)
                .temperature : 1
        self.init(training: examples, temperature: temperature, meanings: meanings)
    }

    /// Learns from `examples` with a known temperature.
    init(training examples: [IntentExample], temperature: Double, meanings: SentenceMeanings? = nil) {
        labels = Set(examples.map(\.intent)).subtracting([Self.none]).sorted() + [Self.none]
        let inTask = examples.filter { $0.intent != Self.none }
        let features = IntentFeatures(groups: inTask.map { [$0.words] + Self.withWordsLost($0.words) })
        let columns = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var rows: [SparseRegression.Row] = []
        func learn(_ words: [String], as intent: String) {
            guard let label = columns[intent] else { return }
            let present = features.features(of: words, isExample: intent != Self.none)
            rows.append(SparseRegression.Row(features: present, label: label))
        }
        var random = SeededGenerator(seed: 0x5eed)
        for example in inTask {
            learn(example.words, as: example.intent)
            for shorter in Self.withWordsLost(example.words) { learn(shorter, as: example.intent) }
            if example.words.count >= 4 {
                var shorter = example.words
                shorter.remove(at: Int.random(in: 0..<shorter.count, using: &random))
                learn(shorter, as: example.intent)
            }
        }
        let outside = examples.filter { $0.intent == Self.none } + OutOfTask.examples(besides: examples, using: &random)
        for example in outside { learn(example.words, as: example.intent) }
        regression = SparseRegression(
            rows, featureCount: features.count, labelCount: labels.count, using: &random)
        self.features = features
        self.temperature = temperature
        let sentences: [(words: [String], label: Int)] = (inTask + outside.filter { !$0.isMadeUp }).compactMap {
            example in
            columns[example.intent].map { (example.words, $0) }
        }
        neighbours = IntentNeighbours(sentences, labelCount: labels.count)
        let labelCount = labels.count
        meaning = meanings.flatMap { MeaningClassifier(sentences, labelCount: labelCount, meanings: $0) }
    }

    /// One number is fitted to them; more examples would cost time and change nothing.
    private static let calibrationLimit = 600

    /// What one of cosine adds to a logit; chosen by the totals of `Benchmarks/intents`, those of the held lines among them.
    private static let nearnessWeight = 16.0
    /// How much the words alone count beside what the sentence means; by cross-validation of the training lines.
    private static let wordsWeight = 0.5

    /// Words that recognizers lose and that carry no intent beside a value.
    static let smallWords: Set<String> = ["for", "at", "on", "in", "to", "please", "it", "is", "would", "me"]

    /// The sentence as a recognizer may hear it: without prepositions, if something to tell it by remains.
    private static func withWordsLost(_ words: [String]) -> [[String]] {
        guard words.count >= 3, words.contains(where: { $0.hasPrefix("<") }) else { return [] }
        let kept = words.filter { !smallWords.contains($0) }
        return kept.count >= 2 && kept.count < words.count ? [kept] : []
    }

    /// The probability of each label, in the order of ``labels``.
    ///
    /// - Parameters:
    ///   - words: essential words, values as classes, as in ``IntentExample/words``.
    ///   - remembers: whether memory may keep them for the next time.
    package func probabilities(of words: [String], remembers: Bool = true) -> [Double] {
        Self.softmax(logits(of: words, remembers: remembers), temperature: temperature)
    }

    /// How many of `words` no example of the task has.
    func strangers(in words: [String]) -> Int { words.count { !features.knows($0) } }

    /// The most probable label and its probability.
    package func likeliest(_ words: [String]) -> (intent: String, probability: Double) {
        let probabilities = probabilities(of: words)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? labels.count - 1
        return (labels[best], probabilities[best])
    }

    func logits(of words: [String], remembers: Bool = true) -> [Double] {
        var logits = regression.logits(of: features.features(of: words, isExample: false))
        if let meant = meaning?.logits(of: words, remembers: remembers) {
            return zip(logits, meant).map { $0 * Self.wordsWeight + $1 }
        }
        let near = neighbours.nearest(to: words)
        for label in labels.indices { logits[label] += near[label] * Self.nearnessWeight }
        return logits
    }

    static func softmax(_ logits: [Double], temperature: Double) -> [Double] {
        let largest = logits.max() ?? 0
        let powers = logits.map { exp(($0 - largest) / temperature) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
