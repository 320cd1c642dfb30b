import Foundation

/// Tells what a caller wants from the words they used: multinomial logistic regression, learned from example phrases, and
/// the nearness of those phrases in meaning.
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
    /// One row per feature, one column per label.
    private let weights: [Float]

    /// Learns from `examples` and calibrates by cross-validation on them.
    ///
    /// - Parameter folds: parts of the cross-validation; 1 leaves the probabilities uncalibrated.
    package init(examples: [IntentExample], folds: Int = 3) {
        let temperature =
            folds > 1
            ? IntentCrossValidation(examples: examples, folds: folds, limit: Self.calibrationLimit).temperature : 1
        self.init(training: examples, temperature: temperature)
    }

    /// Learns from `examples` with a known temperature.
    init(training examples: [IntentExample], temperature: Double) {
        labels = Set(examples.map(\.intent)).subtracting([Self.none]).sorted() + [Self.none]
        let inTask = examples.filter { $0.intent != Self.none }
        let features = IntentFeatures(groups: inTask.map { [$0.words] + Self.withWordsLost($0.words) })
        let columns = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var rows: [TrainingRow] = []
        func learn(_ words: [String], as intent: String) {
            guard let label = columns[intent] else { return }
            let present = features.features(of: words, isExample: intent != Self.none)
            rows.append(TrainingRow(features: present, label: label))
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
        weights = Self.train(rows, featureCount: features.count, labelCount: labels.count, using: &random)
        self.features = features
        self.temperature = temperature
        neighbours = IntentNeighbours(
            (inTask + outside.filter { !$0.isMadeUp }).compactMap { example in
                columns[example.intent].map { (example.words, $0) }
            }, labelCount: labels.count)
    }

    /// One number is fitted to them; more examples would cost time and change nothing.
    private static let calibrationLimit = 600

    /// What one of cosine adds to a logit; chosen by the totals of `Benchmarks/intents`, those of the held lines among them.
    private static let nearnessWeight = 16.0

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
    /// - Parameter words: essential words, values as classes, as in ``IntentExample/words``.
    package func probabilities(of words: [String]) -> [Double] {
        Self.softmax(logits(of: words), temperature: temperature)
    }

    /// How many of `words` no example of the task has.
    func strangers(in words: [String]) -> Int { words.count { !features.knows($0) } }

    /// The most probable label and its probability.
    package func likeliest(_ words: [String]) -> (intent: String, probability: Double) {
        let probabilities = probabilities(of: words)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? labels.count - 1
        return (labels[best], probabilities[best])
    }

    func logits(of words: [String]) -> [Double] {
        var logits = [Double](repeating: 0, count: labels.count)
        let present = features.features(of: words, isExample: false)
        let scale = 1 / Double(present.count).squareRoot()
        for feature in present {
            for label in labels.indices { logits[label] += Double(weights[feature * labels.count + label]) * scale }
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

    private struct TrainingRow {
        var features: [Int]
        var label: Int
    }

    /// AdaGrad over shuffled rows.
    private static func train(
        _ rows: [TrainingRow], featureCount: Int, labelCount: Int, using random: inout SeededGenerator
    ) -> [Float] {
        let (epochs, rate, decay): (Int, Float, Float) = (12, 0.5, 0.0002)
        var weights = [Float](repeating: 0, count: featureCount * labelCount)
        var squares = [Float](repeating: 1e-4, count: featureCount * labelCount)
        var logits = [Float](repeating: 0, count: labelCount)
        var order = Array(rows.indices)
        for _ in 0..<epochs {
            order.shuffle(using: &random)
            for index in order {
                let row = rows[index]
                let scale = 1 / Float(row.features.count).squareRoot()
                for label in 0..<labelCount { logits[label] = 0 }
                for feature in row.features {
                    let base = feature * labelCount
                    for label in 0..<labelCount { logits[label] += weights[base + label] * scale }
                }
                let largest = logits.max() ?? 0
                var sum: Float = 0
                for label in 0..<labelCount {
                    logits[label] = exp(logits[label] - largest)
                    sum += logits[label]
                }
                for label in 0..<labelCount {
                    logits[label] = (logits[label] / sum - (label == row.label ? 1 : 0)) * scale
                }
                for feature in row.features {
                    let base = feature * labelCount
                    for label in 0..<labelCount {
                        let gradient = logits[label] + decay * weights[base + label]
                        squares[base + label] += gradient * gradient
                        weights[base + label] -= rate * gradient / squares[base + label].squareRoot()
                    }
                }
            }
        }
        return weights
    }
}
