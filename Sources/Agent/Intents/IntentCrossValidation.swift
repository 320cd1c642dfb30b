import Foundation

/// How well intents are told apart, measured on examples that were held out while learning.
package struct IntentCrossValidation: Sendable {
    /// Sorted, `none` last.
    package let labels: [String]
    /// Divides logits so that probabilities fit the observed frequencies.
    package let temperature: Double
    /// Share of held-out examples whose most probable label was right, 0...1.
    package let accuracy: Double
    /// Mean distance between stated probability and observed frequency over ten bins, 0...1.
    package let calibrationError: Double
    /// `confusion[actual][predicted]`, in the order of ``labels``.
    package let confusion: [[Int]]
    /// The held-out examples that were taken for something else, with what they were taken for.
    package let mistakes: [(example: IntentExample, takenFor: String)]

    /// Holds out each of `folds` parts in turn. Sentences outside the task are held out, too.
    package init(examples: [IntentExample], folds: Int) {
        let all =
            examples + OutOfTask.sentences.map { IntentExample(intent: IntentClassifier.none, words: $0) }
        let labels = Set(examples.map(\.intent)).subtracting([IntentClassifier.none]).sorted() + [IntentClassifier.none]
        let columns = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var order = Array(all.indices)
        var random = SeededGenerator(seed: 0xf01d)
        order.shuffle(using: &random)

        var results: [(example: IntentExample, logits: [Double], actual: Int)] = []
        for fold in 0..<folds {
            let heldOut = order.enumerated().filter { $0.offset % folds == fold }.map(\.element)
            let kept = order.enumerated().filter { $0.offset % folds != fold }.map { all[$0.element] }
            let classifier = IntentClassifier(training: kept, temperature: 1)
            for index in heldOut {
                let logits = classifier.logits(of: all[index].words)
                // An intent whose few examples are all held out has no column in this fold.
                guard classifier.labels == labels, let actual = columns[all[index].intent] else { continue }
                results.append((all[index], logits, actual))
            }
        }

        let temperature = Self.bestTemperature(results.map { ($0.logits, $0.actual) })
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        var bins = [(count: Int, right: Int, stated: Double)](repeating: (0, 0, 0), count: 10)
        var mistakes: [(IntentExample, String)] = []
        for result in results {
            let probabilities = IntentClassifier.softmax(result.logits, temperature: temperature)
            let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
            confusion[result.actual][best] += 1
            let bin = min(9, Int(probabilities[best] * 10))
            bins[bin].count += 1
            bins[bin].right += best == result.actual ? 1 : 0
            bins[bin].stated += probabilities[best]
            if best != result.actual { mistakes.append((result.example, labels[best])) }
        }
        let total = Double(max(1, results.count))
        self.labels = labels
        self.temperature = temperature
        self.confusion = confusion
        self.mistakes = mistakes
        accuracy = Double(results.count - mistakes.count) / total
        calibrationError = bins.reduce(0) { $0 + abs(Double($1.right) - $1.stated) / total }
    }

    /// The confusion as text, one row per actual label; empty cells are dots.
    package var table: String {
        let width = (labels.map(\.count).max() ?? 0) + 1
        let head = String(repeating: " ", count: width) + labels.indices.map { Self.cell("\($0)") }.joined()
        let rows = labels.indices.map { actual in
            let name = labels[actual] + String(repeating: " ", count: width - labels[actual].count)
            return name + confusion[actual].map { Self.cell($0 == 0 ? "." : "\($0)") }.joined() + "  (\(actual))"
        }
        return ([head] + rows).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        String(repeating: " ", count: max(1, 5 - text.count)) + text
    }

    /// Golden-section search for the temperature with the smallest negative log-likelihood.
    private static func bestTemperature(_ results: [(logits: [Double], actual: Int)]) -> Double {
        guard !results.isEmpty else { return 1 }
        func loss(_ temperature: Double) -> Double {
            results.reduce(0) { sum, result in
                let probability = IntentClassifier.softmax(result.logits, temperature: temperature)[result.actual]
                return sum - log(max(probability, 1e-12))
            }
        }
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (0.2, 5.0)
        for _ in 0..<18 {
            let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
            if loss(left) < loss(right) { high = right } else { low = left }
        }
        return (low + high) / 2
    }
}
